//! New code behind a delay: each contract embeds this, and says who governs it.
use starknet::ContractAddress;

/// Who governs a contract; each contract that embeds `Upgradeable` says so.
pub trait Governed<TContractState> {
    fn governor(self: @TContractState) -> ContractAddress;
}

#[starknet::component]
pub mod Upgradeable {
    use core::num::traits::Zero;
    use starknet::storage::{StoragePointerReadAccess, StoragePointerWriteAccess};
    use starknet::syscalls::replace_class_syscall;
    use starknet::{ClassHash, ContractAddress, SyscallResultTrait, get_block_timestamp, get_caller_address};
    use crate::delays;
    use crate::interfaces::upgradeable::{IUpgradeable, UpgradePlan};
    use super::Governed;

    #[storage]
    pub struct Storage {
        upgrade_class: felt252,
        upgrade_ready_at_s: u64,
    }

    #[event]
    #[derive(Drop, starknet::Event)]
    pub enum Event {
        UpgradePlanned: UpgradePlanned,
        UpgradeCancelled: UpgradeCancelled,
        Upgraded: Upgraded,
    }

    /// Emitted when governance plans to replace the code.
    #[derive(Drop, starknet::Event)]
    pub struct UpgradePlanned {
        #[key]
        pub class_hash: ClassHash,
        pub ready_at_s: u64,
    }

    /// Emitted when the plan is dropped.
    #[derive(Drop, starknet::Event)]
    pub struct UpgradeCancelled {
        #[key]
        pub class_hash: ClassHash,
    }

    /// Emitted when the code was replaced.
    #[derive(Drop, starknet::Event)]
    pub struct Upgraded {
        #[key]
        pub class_hash: ClassHash,
    }

    pub mod Errors {
        pub const NOT_GOVERNOR: felt252 = 'Upgrade: not the governor';
        pub const ZERO_CLASS: felt252 = 'Upgrade: zero class';
        pub const NOT_PLANNED: felt252 = 'Upgrade: not planned';
        pub const TOO_EARLY: felt252 = 'Upgrade: too early';
        pub const STALE: felt252 = 'Upgrade: plan is stale';
    }

    #[embeddable_as(UpgradeableImpl)]
    impl Embeddable<
        TContractState, +HasComponent<TContractState>, impl Governor: Governed<TContractState>, +Drop<TContractState>,
    > of IUpgradeable<ComponentState<TContractState>> {
        fn governor(self: @ComponentState<TContractState>) -> ContractAddress {
            Governor::governor(self.get_contract())
        }

        fn upgrade_plan(self: @ComponentState<TContractState>) -> UpgradePlan {
            let ready_at_s = self.upgrade_ready_at_s.read();
            if ready_at_s == 0 {
                return UpgradePlan { class_hash: 0, ready_at_s: 0, stale_at_s: 0 };
            }
            UpgradePlan { class_hash: self.upgrade_class.read(), ready_at_s, stale_at_s: ready_at_s + delays::PLAN_S }
        }

        fn plan_upgrade(ref self: ComponentState<TContractState>, class_hash: ClassHash) {
            self.assert_governor();
            assert(Zero::is_non_zero(@class_hash), Errors::ZERO_CLASS);
            let ready_at_s = get_block_timestamp() + delays::GOVERNANCE_S;
            self.upgrade_class.write(class_hash.into());
            self.upgrade_ready_at_s.write(ready_at_s);
            self.emit(UpgradePlanned { class_hash, ready_at_s });
        }

        fn cancel_upgrade(ref self: ComponentState<TContractState>) {
            self.assert_governor();
            let plan = self.upgrade_plan();
            assert(plan.ready_at_s != 0, Errors::NOT_PLANNED);
            self.forget();
            self.emit(UpgradeCancelled { class_hash: plan.class_hash.try_into().unwrap() });
        }

        fn upgrade(ref self: ComponentState<TContractState>, class_hash: ClassHash) {
            self.assert_governor();
            let plan = self.upgrade_plan();
            assert(plan.ready_at_s != 0 && plan.class_hash == class_hash.into(), Errors::NOT_PLANNED);
            let now_s = get_block_timestamp();
            assert(now_s >= plan.ready_at_s, Errors::TOO_EARLY);
            assert(now_s < plan.stale_at_s, Errors::STALE);
            self.forget();
            replace_class_syscall(class_hash).unwrap_syscall();
            self.emit(Upgraded { class_hash });
        }
    }

    #[generate_trait]
    impl InternalImpl<
        TContractState, +HasComponent<TContractState>, impl Governor: Governed<TContractState>, +Drop<TContractState>,
    > of InternalTrait<TContractState> {
        fn assert_governor(self: @ComponentState<TContractState>) {
            assert(get_caller_address() == Governor::governor(self.get_contract()), Errors::NOT_GOVERNOR);
        }

        fn forget(ref self: ComponentState<TContractState>) {
            self.upgrade_class.write(0);
            self.upgrade_ready_at_s.write(0);
        }
    }
}
