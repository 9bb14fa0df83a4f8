//! The registry of consents: whether a commitment stands, never what it says.
//!
//! A consent belongs to (patient, commitment), so nobody can use up another patient's commitment, and a revocation reaches only one's own.
#[starknet::contract]
pub mod ConsentRegistry {
    use core::num::traits::Zero;
    use starknet::storage::{Map, StorageMapReadAccess, StorageMapWriteAccess};
    use starknet::{ContractAddress, get_block_timestamp, get_caller_address, get_contract_address, get_tx_info};
    use crate::interfaces::consent_registry::{ConsentOpening, ConsentState, Decision, IConsentRegistry, Status};
    use crate::{commitment, purposes};

    #[storage]
    struct Storage {
        states: Map<(ContractAddress, felt252), felt252>,
    }

    #[event]
    #[derive(Drop, starknet::Event)]
    pub enum Event {
        ConsentGranted: ConsentGranted,
        ConsentReplaced: ConsentReplaced,
        ConsentRevoked: ConsentRevoked,
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

    pub mod Errors {
        pub const ZERO_COMMITMENT: felt252 = 'Consent: zero commitment';
        pub const ZERO_ADDRESS: felt252 = 'Consent: zero address';
        pub const ALREADY_USED: felt252 = 'Consent: already used';
        pub const NOT_GRANTED: felt252 = 'Consent: not granted';
        pub const NOT_ACTIVE: felt252 = 'Consent: not active';
        pub const UNKNOWN_PURPOSE: felt252 = 'Consent: unknown purpose';
    }

    #[abi(embed_v0)]
    impl ConsentRegistryImpl of IConsentRegistry<ContractState> {
        fn state(self: @ContractState, patient: ContractAddress, commitment: felt252) -> ConsentState {
            unpack(self.states.read((patient, commitment)))
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
            let status = self.state(patient, self.commit(patient, opening)).status;
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

        fn grant(ref self: ContractState, commitment: felt252) {
            let patient = get_caller_address();
            let granted_at_s = self.activate(patient, commitment);
            self.emit(ConsentGranted { patient, commitment, granted_at_s });
        }

        fn replace(ref self: ContractState, old: felt252, new: felt252) {
            let patient = get_caller_address();
            self.end(patient, old, Status::REPLACED);
            let replaced_at_s = self.activate(patient, new);
            self.emit(ConsentReplaced { patient, old, new, replaced_at_s });
        }

        fn revoke(ref self: ContractState, commitment: felt252) {
            let patient = get_caller_address();
            let revoked_at_s = self.end(patient, commitment, Status::REVOKED);
            self.emit(ConsentRevoked { patient, commitment, revoked_at_s });
        }
    }

    #[generate_trait]
    impl InternalImpl of InternalTrait {
        /// Makes a commitment active that was never used; returns the block time.
        fn activate(ref self: ContractState, patient: ContractAddress, commitment: felt252) -> u64 {
            assert(Zero::is_non_zero(@patient), Errors::ZERO_ADDRESS);
            assert(commitment != 0, Errors::ZERO_COMMITMENT);
            assert(self.states.read((patient, commitment)) == 0, Errors::ALREADY_USED);
            let now_s = get_block_timestamp();
            self.states.write((patient, commitment), pack(ConsentState { status: Status::ACTIVE, granted_at_s: now_s, ended_at_s: 0 }));
            now_s
        }

        /// Ends an active commitment for good; returns the block time.
        fn end(ref self: ContractState, patient: ContractAddress, commitment: felt252, status: u8) -> u64 {
            let state = self.state(patient, commitment);
            assert(state.status != Status::UNKNOWN, Errors::NOT_GRANTED);
            assert(state.status == Status::ACTIVE, Errors::NOT_ACTIVE);
            let now_s = get_block_timestamp();
            self.states.write((patient, commitment), pack(ConsentState { status, ended_at_s: now_s, ..state }));
            now_s
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
