//! The register of organisations: who governance admitted, who acts for them, and the keys that data for them is encrypted to.
//!
//! Patients need no admission: any account may grant a consent.
#[starknet::contract]
pub mod Participants {
    use core::num::traits::Zero;
    use starknet::storage::{Map, StorageMapReadAccess, StorageMapWriteAccess, StoragePointerReadAccess, StoragePointerWriteAccess};
    use starknet::{ContractAddress, get_block_timestamp, get_caller_address};
    use crate::interfaces::participants::{IParticipants, Organisation, Power, Powers, Role, Standing};
    use crate::interfaces::src5::ISrc5;
    use crate::upgradeable::Upgradeable;
    use crate::{delays, interface_ids, packing};

    component!(path: Upgradeable, storage: upgradeable, event: UpgradeableEvent);

    #[abi(embed_v0)]
    impl UpgradeableImpl = Upgradeable::UpgradeableImpl<ContractState>;

    #[storage]
    struct Storage {
        #[substorage(v0)]
        upgradeable: Upgradeable::Storage,
        owner: ContractAddress,
        pending_owner: ContractAddress,
        ownership_ready_at_s: u64,
        powers: Map<ContractAddress, felt252>,
        records: Map<felt252, felt252>,
        names: Map<felt252, felt252>,
        payouts: Map<felt252, ContractAddress>,
        organisation_of: Map<ContractAddress, felt252>,
        encryption_keys: Map<ContractAddress, u256>,
    }

    #[event]
    #[derive(Drop, starknet::Event)]
    pub enum Event {
        OrganisationAdmitted: OrganisationAdmitted,
        OrganisationSuspended: OrganisationSuspended,
        OrganisationReinstated: OrganisationReinstated,
        PayoutChanged: PayoutChanged,
        OperatorAdded: OperatorAdded,
        OperatorRemoved: OperatorRemoved,
        EncryptionKeySet: EncryptionKeySet,
        OwnershipOffered: OwnershipOffered,
        OwnershipAccepted: OwnershipAccepted,
        PowersPlanned: PowersPlanned,
        PowersChanged: PowersChanged,
        #[flat]
        UpgradeableEvent: Upgradeable::Event,
    }

    /// Emitted once for each organisation, when it comes in.
    #[derive(Drop, starknet::Event)]
    pub struct OrganisationAdmitted {
        #[key]
        pub id: felt252,
        pub role: u8,
        pub name: felt252,
        pub payout: ContractAddress,
    }

    /// Emitted when an organisation may no longer act.
    #[derive(Drop, starknet::Event)]
    pub struct OrganisationSuspended {
        #[key]
        pub id: felt252,
    }

    /// Emitted when a suspended organisation may act again.
    #[derive(Drop, starknet::Event)]
    pub struct OrganisationReinstated {
        #[key]
        pub id: felt252,
    }

    /// Emitted when the rewards of `id` go to another account from now on.
    #[derive(Drop, starknet::Event)]
    pub struct PayoutChanged {
        #[key]
        pub id: felt252,
        pub payout: ContractAddress,
    }

    /// Emitted when `operator` may act for `id`.
    #[derive(Drop, starknet::Event)]
    pub struct OperatorAdded {
        #[key]
        pub id: felt252,
        #[key]
        pub operator: ContractAddress,
    }

    /// Emitted when `operator` may no longer act for `id`; its encryption key is gone with it.
    #[derive(Drop, starknet::Event)]
    pub struct OperatorRemoved {
        #[key]
        pub id: felt252,
        #[key]
        pub operator: ContractAddress,
    }

    /// Emitted when data for `operator` is to be encrypted to `key`.
    #[derive(Drop, starknet::Event)]
    pub struct EncryptionKeySet {
        #[key]
        pub operator: ContractAddress,
        pub key: u256,
    }

    /// Emitted when `from` names the next owner, who may take over from `ready_at_s` on; `to` is zero when the offer is taken back.
    #[derive(Drop, starknet::Event)]
    pub struct OwnershipOffered {
        #[key]
        pub from: ContractAddress,
        #[key]
        pub to: ContractAddress,
        pub ready_at_s: u64,
    }

    /// Emitted when `to` takes over; `from` is zero at the deployment.
    #[derive(Drop, starknet::Event)]
    pub struct OwnershipAccepted {
        #[key]
        pub from: ContractAddress,
        #[key]
        pub to: ContractAddress,
    }

    /// Emitted when the powers of `account` are to change once `ready_at_s` has come.
    #[derive(Drop, starknet::Event)]
    pub struct PowersPlanned {
        #[key]
        pub account: ContractAddress,
        pub powers: u8,
        pub ready_at_s: u64,
    }

    /// Emitted when the powers of `account` have changed.
    #[derive(Drop, starknet::Event)]
    pub struct PowersChanged {
        #[key]
        pub account: ContractAddress,
        pub powers: u8,
    }

    pub mod Errors {
        pub const NOT_ALLOWED: felt252 = 'Participants: not allowed';
        pub const UNKNOWN_POWER: felt252 = 'Participants: unknown power';
        pub const NOT_PLANNED: felt252 = 'Participants: not planned';
        pub const TOO_EARLY: felt252 = 'Participants: too early';
        pub const STALE: felt252 = 'Participants: plan is stale';
        pub const NO_POWERS: felt252 = 'Participants: no powers';
        pub const NOT_OWNER: felt252 = 'Participants: not the owner';
        pub const NOT_OFFERED: felt252 = 'Participants: not offered';
        pub const ZERO_ID: felt252 = 'Participants: zero id';
        pub const ZERO_ADDRESS: felt252 = 'Participants: zero address';
        pub const ZERO_NAME: felt252 = 'Participants: zero name';
        pub const UNKNOWN_ROLE: felt252 = 'Participants: unknown role';
        pub const ALREADY_ADMITTED: felt252 = 'Participants: already admitted';
        pub const NOT_ADMITTED: felt252 = 'Participants: not admitted';
        pub const OPERATOR_TAKEN: felt252 = 'Participants: operator taken';
        pub const NOT_OPERATOR: felt252 = 'Participants: not an operator';
        pub const NOT_ACTIVE: felt252 = 'Participants: not active';
        pub const NOT_SUSPENDED: felt252 = 'Participants: not suspended';
        pub const ZERO_KEY: felt252 = 'Participants: zero key';
    }

    #[constructor]
    fn constructor(ref self: ContractState, owner: ContractAddress) {
        assert(Zero::is_non_zero(@owner), Errors::ZERO_ADDRESS);
        self.owner.write(owner);
        self.emit(OwnershipAccepted { from: Zero::zero(), to: owner });
    }

    impl GovernedImpl of crate::upgradeable::Governed<ContractState> {
        fn governor(self: @ContractState) -> ContractAddress {
            self.owner.read()
        }
    }

    #[abi(embed_v0)]
    impl Src5Impl of ISrc5<ContractState> {
        fn supports_interface(self: @ContractState, interface_id: felt252) -> bool {
            interface_id == interface_ids::PARTICIPANTS || interface_id == interface_ids::UPGRADEABLE || interface_id == interface_ids::SRC5
        }
    }

    #[abi(embed_v0)]
    impl ParticipantsImpl of IParticipants<ContractState> {
        fn owner(self: @ContractState) -> ContractAddress {
            self.owner.read()
        }

        fn pending_owner(self: @ContractState) -> ContractAddress {
            self.pending_owner.read()
        }

        fn ownership_ready_at_s(self: @ContractState) -> u64 {
            self.ownership_ready_at_s.read()
        }

        fn powers_of(self: @ContractState, account: ContractAddress) -> Powers {
            unpack(self.powers.read(account))
        }

        fn has_power(self: @ContractState, account: ContractAddress, power: u8) -> bool {
            account == self.owner.read() || self.powers_of(account).current & power != 0
        }

        fn organisation(self: @ContractState, id: felt252) -> Organisation {
            let record = self.record(id);
            Organisation {
                role: record.role,
                standing: record.standing,
                admitted_at_s: record.admitted_at_s,
                name: self.names.read(id),
                payout: self.payouts.read(id),
            }
        }

        fn organisation_of(self: @ContractState, operator: ContractAddress) -> felt252 {
            self.organisation_of.read(operator)
        }

        fn acting_organisation(self: @ContractState, operator: ContractAddress, role: u8) -> felt252 {
            let id = self.organisation_of.read(operator);
            if self.is_active(id, role) {
                id
            } else {
                0
            }
        }

        fn is_active(self: @ContractState, id: felt252, role: u8) -> bool {
            let record = self.record(id);
            record.standing == Standing::ACTIVE && record.role == role
        }

        fn encryption_key(self: @ContractState, operator: ContractAddress) -> u256 {
            self.encryption_keys.read(operator)
        }

        fn admit(ref self: ContractState, id: felt252, role: u8, name: felt252, payout: ContractAddress, operator: ContractAddress) {
            self.assert_power(Power::ADMIT);
            assert(id != 0, Errors::ZERO_ID);
            assert(name != 0, Errors::ZERO_NAME);
            assert(Zero::is_non_zero(@payout), Errors::ZERO_ADDRESS);
            assert(role == Role::HOSPITAL || role == Role::RESEARCH, Errors::UNKNOWN_ROLE);
            assert(self.record(id).standing == 0, Errors::ALREADY_ADMITTED);
            self.write_record(id, Record { role, standing: Standing::ACTIVE, admitted_at_s: get_block_timestamp() });
            self.names.write(id, name);
            self.payouts.write(id, payout);
            self.emit(OrganisationAdmitted { id, role, name, payout });
            self.bind_operator(id, operator);
        }

        fn suspend(ref self: ContractState, id: felt252) {
            self.assert_power(Power::SUSPEND);
            let record = self.record(id);
            assert(record.standing == Standing::ACTIVE, Errors::NOT_ACTIVE);
            self.write_record(id, Record { standing: Standing::SUSPENDED, ..record });
            self.emit(OrganisationSuspended { id });
        }

        fn reinstate(ref self: ContractState, id: felt252) {
            self.assert_owner();
            let record = self.record(id);
            assert(record.standing == Standing::SUSPENDED, Errors::NOT_SUSPENDED);
            self.write_record(id, Record { standing: Standing::ACTIVE, ..record });
            self.emit(OrganisationReinstated { id });
        }

        fn set_payout(ref self: ContractState, id: felt252, payout: ContractAddress) {
            self.assert_owner();
            self.assert_admitted(id);
            assert(Zero::is_non_zero(@payout), Errors::ZERO_ADDRESS);
            self.payouts.write(id, payout);
            self.emit(PayoutChanged { id, payout });
        }

        fn add_operator(ref self: ContractState, id: felt252, operator: ContractAddress) {
            self.assert_owner();
            self.assert_admitted(id);
            self.bind_operator(id, operator);
        }

        fn remove_operator(ref self: ContractState, operator: ContractAddress) {
            self.assert_power(Power::SUSPEND);
            let id = self.organisation_of.read(operator);
            assert(id != 0, Errors::NOT_OPERATOR);
            self.organisation_of.write(operator, 0);
            self.encryption_keys.write(operator, 0);
            self.emit(OperatorRemoved { id, operator });
        }

        fn set_encryption_key(ref self: ContractState, key: u256) {
            let operator = get_caller_address();
            let id = self.organisation_of.read(operator);
            assert(id != 0, Errors::NOT_OPERATOR);
            assert(self.record(id).standing == Standing::ACTIVE, Errors::NOT_ACTIVE);
            assert(key != 0, Errors::ZERO_KEY);
            self.encryption_keys.write(operator, key);
            self.emit(EncryptionKeySet { operator, key });
        }

        fn plan_powers(ref self: ContractState, account: ContractAddress, powers: u8) {
            self.assert_owner();
            assert(Zero::is_non_zero(@account), Errors::ZERO_ADDRESS);
            assert(powers <= Power::ALL, Errors::UNKNOWN_POWER);
            let current = self.powers_of(account).current;
            let ready_at_s = get_block_timestamp() + delays::GOVERNANCE_S;
            self.powers.write(account, pack(Powers { current, planned: powers, ready_at_s }));
            self.emit(PowersPlanned { account, powers, ready_at_s });
        }

        fn apply_powers(ref self: ContractState, account: ContractAddress) {
            self.assert_owner();
            let Powers { planned, ready_at_s, .. } = self.powers_of(account);
            assert(ready_at_s != 0, Errors::NOT_PLANNED);
            let now_s = get_block_timestamp();
            assert(now_s >= ready_at_s, Errors::TOO_EARLY);
            assert(now_s - ready_at_s < delays::PLAN_S, Errors::STALE);
            self.powers.write(account, pack(Powers { current: planned, planned: 0, ready_at_s: 0 }));
            self.emit(PowersChanged { account, powers: planned });
        }

        fn revoke_powers(ref self: ContractState, account: ContractAddress) {
            self.assert_owner();
            assert(self.powers.read(account) != 0, Errors::NO_POWERS);
            self.powers.write(account, 0);
            self.emit(PowersChanged { account, powers: 0 });
        }

        fn offer_ownership(ref self: ContractState, to: ContractAddress) {
            self.assert_owner();
            let ready_at_s = if Zero::is_zero(@to) {
                0
            } else {
                get_block_timestamp() + delays::GOVERNANCE_S
            };
            self.pending_owner.write(to);
            self.ownership_ready_at_s.write(ready_at_s);
            self.emit(OwnershipOffered { from: self.owner.read(), to, ready_at_s });
        }

        fn accept_ownership(ref self: ContractState) {
            let to = get_caller_address();
            assert(Zero::is_non_zero(@to) && to == self.pending_owner.read(), Errors::NOT_OFFERED);
            assert(get_block_timestamp() >= self.ownership_ready_at_s.read(), Errors::TOO_EARLY);
            let from = self.owner.read();
            self.owner.write(to);
            self.pending_owner.write(Zero::zero());
            self.ownership_ready_at_s.write(0);
            self.emit(OwnershipAccepted { from, to });
        }
    }

    /// What every check reads of an organisation, in one slot.
    #[derive(Copy, Drop)]
    struct Record {
        role: u8,
        standing: u8,
        admitted_at_s: u64,
    }

    const BYTE: u128 = 0x100;

    #[generate_trait]
    impl InternalImpl of InternalTrait {
        fn assert_owner(self: @ContractState) {
            assert(get_caller_address() == self.owner.read(), Errors::NOT_OWNER);
        }

        fn assert_power(self: @ContractState, power: u8) {
            assert(self.has_power(get_caller_address(), power), Errors::NOT_ALLOWED);
        }

        fn assert_admitted(self: @ContractState, id: felt252) {
            assert(self.record(id).standing != 0, Errors::NOT_ADMITTED);
        }

        fn bind_operator(ref self: ContractState, id: felt252, operator: ContractAddress) {
            assert(Zero::is_non_zero(@operator), Errors::ZERO_ADDRESS);
            assert(self.organisation_of.read(operator) == 0, Errors::OPERATOR_TAKEN);
            self.organisation_of.write(operator, id);
            self.emit(OperatorAdded { id, operator });
        }

        fn record(self: @ContractState, id: felt252) -> Record {
            let packed: u128 = self.records.read(id).try_into().unwrap();
            Record {
                role: (packed % BYTE).try_into().unwrap(),
                standing: ((packed / BYTE) % BYTE).try_into().unwrap(),
                admitted_at_s: (packed / (BYTE * BYTE)).try_into().unwrap(),
            }
        }

        fn write_record(ref self: ContractState, id: felt252, record: Record) {
            let packed = record.role.into() + record.standing.into() * BYTE + record.admitted_at_s.into() * BYTE * BYTE;
            self.records.write(id, packed.into());
        }
    }

    /// The time, then planned and current powers.
    fn pack(powers: Powers) -> felt252 {
        let mut packed = powers.ready_at_s.into();
        packing::put(ref packed, powers.planned.into(), BYTE);
        packing::put(ref packed, powers.current.into(), BYTE);
        packed.into()
    }

    fn unpack(packed: felt252) -> Powers {
        let (mut rest, _) = packing::split(packed);
        let current = packing::take(ref rest, BYTE).try_into().unwrap();
        let planned = packing::take(ref rest, BYTE).try_into().unwrap();
        Powers { current, planned, ready_at_s: rest.try_into().unwrap() }
    }
}
