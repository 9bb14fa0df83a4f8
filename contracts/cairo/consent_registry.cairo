//! The registry of consents: whether a commitment stands, never what it says.
//!
//! A consent belongs to (patient, commitment), so nobody can use up another patient's commitment, and a revocation reaches only one's own.
#[starknet::contract]
pub mod ConsentRegistry {
    use core::num::traits::Zero;
    use starknet::storage::{Map, StorageMapReadAccess, StorageMapWriteAccess, StoragePointerReadAccess, StoragePointerWriteAccess};
    use starknet::syscalls::call_contract_syscall;
    use starknet::{ContractAddress, get_block_timestamp, get_caller_address, get_contract_address, get_tx_info};
    use crate::interfaces::consent_registry::{
        ConsentOpening, ConsentOrder, ConsentState, Decision, IConsentRegistry, Membership, Replacement, Status,
    };
    use crate::interfaces::participants::{IParticipantsDispatcher, IParticipantsDispatcherTrait};
    use crate::interfaces::src5::ISrc5;
    use crate::upgradeable::Upgradeable;
    use crate::{commitment, interface_ids, orders, purposes};

    component!(path: Upgradeable, storage: upgradeable, event: UpgradeableEvent);

    #[abi(embed_v0)]
    impl UpgradeableImpl = Upgradeable::UpgradeableImpl<ContractState>;

    #[storage]
    struct Storage {
        #[substorage(v0)]
        upgradeable: Upgradeable::Storage,
        participants: ContractAddress,
        states: Map<(ContractAddress, felt252), felt252>,
        nonces: Map<ContractAddress, u64>,
        guardians: Map<(ContractAddress, ContractAddress), u64>,
    }

    #[event]
    #[derive(Drop, starknet::Event)]
    pub enum Event {
        ConsentGranted: ConsentGranted,
        ConsentReplaced: ConsentReplaced,
        ConsentRevoked: ConsentRevoked,
        GuardianNamed: GuardianNamed,
        GuardianDismissed: GuardianDismissed,
        NonceUsed: NonceUsed,
        #[flat]
        UpgradeableEvent: Upgradeable::Event,
    }

    /// Emitted when `patient` makes `commitment` active.
    #[derive(Drop, starknet::Event)]
    pub struct ConsentGranted {
        #[key]
        pub patient: ContractAddress,
        #[key]
        pub commitment: felt252,
        pub granted_at_s: u64,
    }

    /// Emitted when `patient` ends `old` and makes `new` active in its place.
    #[derive(Drop, starknet::Event)]
    pub struct ConsentReplaced {
        #[key]
        pub patient: ContractAddress,
        #[key]
        pub old: felt252,
        #[key]
        pub new: felt252,
        pub replaced_at_s: u64,
    }

    /// Emitted once, when `patient` ends `commitment` before its time.
    #[derive(Drop, starknet::Event)]
    pub struct ConsentRevoked {
        #[key]
        pub patient: ContractAddress,
        #[key]
        pub commitment: felt252,
        pub revoked_at_s: u64,
    }

    /// Emitted when `guardian` may act for `patient` before `until_s`.
    #[derive(Drop, starknet::Event)]
    pub struct GuardianNamed {
        #[key]
        pub patient: ContractAddress,
        #[key]
        pub guardian: ContractAddress,
        pub until_s: u64,
    }

    /// Emitted when `guardian` may no longer act for `patient`.
    #[derive(Drop, starknet::Event)]
    pub struct GuardianDismissed {
        #[key]
        pub patient: ContractAddress,
        #[key]
        pub guardian: ContractAddress,
    }

    /// Emitted when an order signed with `nonce` was carried out, or `signer` made all up to it worthless.
    #[derive(Drop, starknet::Event)]
    pub struct NonceUsed {
        #[key]
        pub signer: ContractAddress,
        pub nonce: u64,
    }

    pub mod Errors {
        pub const ZERO_COMMITMENT: felt252 = 'Consent: zero commitment';
        pub const ZERO_ADDRESS: felt252 = 'Consent: zero address';
        pub const ALREADY_USED: felt252 = 'Consent: already used';
        pub const NOT_GRANTED: felt252 = 'Consent: not granted';
        pub const NOT_ACTIVE: felt252 = 'Consent: not active';
        pub const UNKNOWN_PURPOSE: felt252 = 'Consent: unknown purpose';
        pub const NOT_GUARDIAN: felt252 = 'Consent: not a guardian';
        pub const OWN_GUARDIAN: felt252 = 'Consent: own guardian';
        pub const BAD_GUARDIAN_TIME: felt252 = 'Consent: bad guardian time';
        pub const EMPTY_ORDER: felt252 = 'Consent: empty order';
        pub const ORDER_TOO_LARGE: felt252 = 'Consent: order too large';
        pub const BAD_NONCE: felt252 = 'Consent: bad nonce';
        pub const ORDER_EXPIRED: felt252 = 'Consent: order expired';
        pub const BAD_SIGNATURE: felt252 = 'Consent: bad signature';
    }

    /// Changes in one order: their events stay below what a transaction may emit.
    const MAX_ORDER: u32 = 300;
    /// Nonces that are burnt at once: a slip must not use up all there are.
    const MAX_BURNT: u64 = 1_000_000;
    /// A guardian's time is at most 20 years: milliseconds would be for ever.
    const MAX_GUARDIAN_S: u64 = 630_720_000;

    #[constructor]
    fn constructor(ref self: ContractState, participants: ContractAddress) {
        assert(Zero::is_non_zero(@participants), Errors::ZERO_ADDRESS);
        self.participants.write(participants);
    }

    impl GovernedImpl of crate::upgradeable::Governed<ContractState> {
        fn governor(self: @ContractState) -> ContractAddress {
            IParticipantsDispatcher { contract_address: self.participants.read() }.owner()
        }
    }

    #[abi(embed_v0)]
    impl Src5Impl of ISrc5<ContractState> {
        fn supports_interface(self: @ContractState, interface_id: felt252) -> bool {
            interface_id == interface_ids::CONSENT_REGISTRY
                || interface_id == interface_ids::UPGRADEABLE
                || interface_id == interface_ids::SRC5
        }
    }

    #[abi(embed_v0)]
    impl ConsentRegistryImpl of IConsentRegistry<ContractState> {
        fn state(self: @ContractState, patient: ContractAddress, commitment: felt252) -> ConsentState {
            unpack(self.states.read((patient, commitment)))
        }

        fn state_in(self: @ContractState, patient: ContractAddress, commitment: felt252, membership: Membership) -> ConsentState {
            let own = self.state(patient, commitment);
            if own.status != Status::UNKNOWN || membership.path.is_empty() && membership.index == 0 {
                return own;
            }
            self.state(patient, commitment::granted_as(commitment, membership))
        }

        fn commit(self: @ContractState, patient: ContractAddress, opening: ConsentOpening) -> felt252 {
            commitment::commit(get_tx_info().unbox().chain_id, get_contract_address(), patient, opening)
        }

        fn data_part(self: @ContractState, categories: u128, provisions: felt252, salt: felt252) -> felt252 {
            commitment::data_part(categories, provisions, salt)
        }

        fn provisions_part(self: @ContractState, data_from_s: u64, data_to_s: u64, custodian: felt252, sensitivities: u128) -> felt252 {
            commitment::provisions_part(data_from_s, data_to_s, custodian, sensitivities)
        }

        fn decide(self: @ContractState, patient: ContractAddress, opening: ConsentOpening, grantee: felt252, purpose: u8) -> u8 {
            assert(purposes::is_known(purpose), Errors::UNKNOWN_PURPOSE);
            let status = self.state_in(patient, self.commit(patient, opening), opening.membership).status;
            let now_s = get_block_timestamp();
            if status == Status::UNKNOWN {
                Decision::NOT_GRANTED
            } else if status == Status::REVOKED {
                Decision::REVOKED
            } else if status == Status::REPLACED {
                Decision::REPLACED
            } else if now_s < opening.not_before_s {
                Decision::NOT_YET_VALID
            } else if now_s >= opening.expires_at_s {
                Decision::EXPIRED
            } else if grantee != opening.grantee {
                Decision::OTHER_GRANTEE
            } else if !purposes::permits(opening.purposes, purpose) {
                Decision::OTHER_PURPOSE
            } else {
                Decision::PERMIT
            }
        }

        fn order_hash(
            self: @ContractState, patient: ContractAddress, signer: ContractAddress, order: ConsentOrder, nonce: u64, deadline_s: u64,
        ) -> felt252 {
            let chain_id = get_tx_info().unbox().chain_id;
            orders::order_hash(chain_id, get_contract_address(), patient, signer, order, nonce, deadline_s)
        }

        fn nonce_of(self: @ContractState, signer: ContractAddress) -> u64 {
            self.nonces.read(signer)
        }

        fn guardian_until_s(self: @ContractState, patient: ContractAddress, guardian: ContractAddress) -> u64 {
            let until_s = self.guardians.read((patient, guardian));
            if get_block_timestamp() < until_s {
                until_s
            } else {
                0
            }
        }

        fn grant(ref self: ContractState, commitment: felt252) {
            self.grant_one(get_caller_address(), commitment, get_block_timestamp());
        }

        fn replace(ref self: ContractState, old: felt252, new: felt252) {
            self.replace_one(get_caller_address(), Replacement { old, new }, get_block_timestamp());
        }

        fn revoke(ref self: ContractState, commitment: felt252) {
            self.revoke_one(get_caller_address(), commitment, get_block_timestamp());
        }

        fn revoke_member(ref self: ContractState, patient: ContractAddress, commitment: felt252, membership: Membership) {
            self.assert_may_act(patient, get_caller_address());
            let state = self.state_in(patient, commitment, membership);
            let revoked_at_s = get_block_timestamp();
            self.end(patient, commitment, state, Status::REVOKED, revoked_at_s);
            self.emit(ConsentRevoked { patient, commitment, revoked_at_s });
        }

        fn submit(ref self: ContractState, patient: ContractAddress, order: ConsentOrder) {
            self.assert_may_act(patient, get_caller_address());
            self.carry_out(patient, order);
        }

        fn submit_signed(
            ref self: ContractState,
            patient: ContractAddress,
            signer: ContractAddress,
            order: ConsentOrder,
            nonce: u64,
            deadline_s: u64,
            signature: Span<felt252>,
        ) {
            self.assert_may_act(patient, signer);
            assert(nonce == self.nonces.read(signer), Errors::BAD_NONCE);
            assert(get_block_timestamp() < deadline_s, Errors::ORDER_EXPIRED);
            let hash = self.order_hash(patient, signer, order, nonce, deadline_s);
            // Used up before the account is asked: whatever the account calls meanwhile, this order is worth nothing any more.
            self.use_nonce(signer);
            assert(is_signed(signer, hash, signature), Errors::BAD_SIGNATURE);
            self.carry_out(patient, order);
        }

        fn burn_nonces(ref self: ContractState, next: u64) {
            let signer = get_caller_address();
            let nonce = self.nonces.read(signer);
            assert(next > nonce && next - nonce <= MAX_BURNT, Errors::BAD_NONCE);
            self.nonces.write(signer, next);
            self.emit(NonceUsed { signer, nonce: next - 1 });
        }

        fn name_guardian(ref self: ContractState, guardian: ContractAddress, until_s: u64) {
            let patient = get_caller_address();
            assert(Zero::is_non_zero(@patient) && Zero::is_non_zero(@guardian), Errors::ZERO_ADDRESS);
            assert(guardian != patient, Errors::OWN_GUARDIAN);
            let now_s = get_block_timestamp();
            assert(now_s < until_s && until_s - now_s <= MAX_GUARDIAN_S, Errors::BAD_GUARDIAN_TIME);
            self.guardians.write((patient, guardian), until_s);
            self.emit(GuardianNamed { patient, guardian, until_s });
        }

        fn dismiss_guardian(ref self: ContractState, guardian: ContractAddress) {
            let patient = get_caller_address();
            assert(self.guardian_until_s(patient, guardian) != 0, Errors::NOT_GUARDIAN);
            self.guardians.write((patient, guardian), 0);
            self.emit(GuardianDismissed { patient, guardian });
        }
    }

    #[generate_trait]
    impl InternalImpl of InternalTrait {
        fn assert_may_act(self: @ContractState, patient: ContractAddress, actor: ContractAddress) {
            assert(patient == actor || self.guardian_until_s(patient, actor) != 0, Errors::NOT_GUARDIAN);
        }

        fn use_nonce(ref self: ContractState, signer: ContractAddress) {
            let nonce = self.nonces.read(signer);
            self.nonces.write(signer, nonce + 1);
            self.emit(NonceUsed { signer, nonce });
        }

        fn carry_out(ref self: ContractState, patient: ContractAddress, order: ConsentOrder) {
            let ConsentOrder { mut revoke, mut replace, mut grant } = order;
            let changes = revoke.len() + replace.len() + grant.len();
            assert(changes != 0, Errors::EMPTY_ORDER);
            assert(changes <= MAX_ORDER, Errors::ORDER_TOO_LARGE);
            let now_s = get_block_timestamp();
            while let Option::Some(commitment) = revoke.pop_front() {
                self.revoke_one(patient, *commitment, now_s);
            };
            while let Option::Some(replacement) = replace.pop_front() {
                self.replace_one(patient, *replacement, now_s);
            };
            while let Option::Some(commitment) = grant.pop_front() {
                self.grant_one(patient, *commitment, now_s);
            };
        }

        fn grant_one(ref self: ContractState, patient: ContractAddress, commitment: felt252, now_s: u64) {
            self.activate(patient, commitment, now_s);
            self.emit(ConsentGranted { patient, commitment, granted_at_s: now_s });
        }

        fn replace_one(ref self: ContractState, patient: ContractAddress, replacement: Replacement, now_s: u64) {
            let Replacement { old, new } = replacement;
            self.end(patient, old, self.state(patient, old), Status::REPLACED, now_s);
            self.activate(patient, new, now_s);
            self.emit(ConsentReplaced { patient, old, new, replaced_at_s: now_s });
        }

        fn revoke_one(ref self: ContractState, patient: ContractAddress, commitment: felt252, now_s: u64) {
            self.end(patient, commitment, self.state(patient, commitment), Status::REVOKED, now_s);
            self.emit(ConsentRevoked { patient, commitment, revoked_at_s: now_s });
        }

        /// Makes a commitment active that was never used.
        fn activate(ref self: ContractState, patient: ContractAddress, commitment: felt252, now_s: u64) {
            assert(Zero::is_non_zero(@patient), Errors::ZERO_ADDRESS);
            assert(commitment != 0, Errors::ZERO_COMMITMENT);
            assert(self.states.read((patient, commitment)) == 0, Errors::ALREADY_USED);
            self.states.write((patient, commitment), pack(ConsentState { status: Status::ACTIVE, granted_at_s: now_s, ended_at_s: 0 }));
        }

        /// Ends a commitment that is active, in `state`, for good.
        fn end(ref self: ContractState, patient: ContractAddress, commitment: felt252, state: ConsentState, status: u8, now_s: u64) {
            assert(state.status != Status::UNKNOWN, Errors::NOT_GRANTED);
            assert(state.status == Status::ACTIVE, Errors::NOT_ACTIVE);
            self.states.write((patient, commitment), pack(ConsentState { status, ended_at_s: now_s, ..state }));
        }
    }

    /// Whether the account at `signer` says 'VALID'. A failure or another answer: no. Where there is no contract the network ends the transaction itself.
    fn is_signed(signer: ContractAddress, hash: felt252, signature: Span<felt252>) -> bool {
        let mut calldata = array![hash];
        signature.serialize(ref calldata);
        match call_contract_syscall(signer, selector!("is_valid_signature"), calldata.span()) {
            Result::Ok(answer) => answer.len() == 1 && *answer.at(0) == starknet::VALIDATED,
            Result::Err(_) => false,
        }
    }

    const TIME: u128 = 0x10000000000000000;

    /// Status and two times in one felt: 64 bits, 64 bits, then the status on top.
    fn pack(state: ConsentState) -> felt252 {
        let times: u128 = state.granted_at_s.into() + state.ended_at_s.into() * TIME;
        times.into() + state.status.into() * 0x100000000000000000000000000000000
    }

    fn unpack(packed: felt252) -> ConsentState {
        let value: u256 = packed.into();
        ConsentState {
            status: value.high.try_into().unwrap(),
            granted_at_s: (value.low % TIME).try_into().unwrap(),
            ended_at_s: (value.low / TIME).try_into().unwrap(),
        }
    }
}
