//! The access log: every release, and every refusal, for good.
//!
//! Each patient has one hash chain, so a list of entries is provably whole. What an entry says is known by its salted digest only.
#[starknet::contract]
pub mod AccessLog {
    use core::num::traits::Zero;
    use core::poseidon::poseidon_hash_span;
    use starknet::storage::{Map, StorageMapReadAccess, StorageMapWriteAccess, StoragePointerReadAccess, StoragePointerWriteAccess};
    use starknet::{ContractAddress, get_block_timestamp, get_caller_address, get_contract_address, get_tx_info};
    use crate::domains;
    use crate::interfaces::access_log::{Entry, EntryKind, IAccessLog, PatientLog};
    use crate::interfaces::participants::{IParticipantsDispatcher, IParticipantsDispatcherTrait, Role};

    #[storage]
    struct Storage {
        participants: ContractAddress,
        pool: ContractAddress,
        counts: Map<ContractAddress, u64>,
        heads: Map<ContractAddress, felt252>,
        entries: Map<(felt252, ContractAddress, felt252), felt252>,
    }

    #[event]
    #[derive(Drop, starknet::Event)]
    pub enum Event {
        EntryAppended: EntryAppended,
        PoolSet: PoolSet,
    }

    /// Emitted for every entry; in order of `index` they rebuild the patient's chain up to `head`.
    #[derive(Drop, starknet::Event)]
    pub struct EntryAppended {
        #[key]
        pub patient: ContractAddress,
        #[key]
        pub hospital: felt252,
        pub index: u64,
        pub kind: u8,
        pub digest: felt252,
        pub head: felt252,
        pub logged_at_s: u64,
    }

    /// Emitted once, when the reward pool is named.
    #[derive(Drop, starknet::Event)]
    pub struct PoolSet {
        #[key]
        pub pool: ContractAddress,
    }

    pub mod Errors {
        pub const NOT_HOSPITAL: felt252 = 'Log: not a hospital';
        pub const NOT_POOL: felt252 = 'Log: not the pool';
        pub const NOT_OWNER: felt252 = 'Log: not the owner';
        pub const ZERO_PATIENT: felt252 = 'Log: zero patient';
        pub const ZERO_DIGEST: felt252 = 'Log: zero digest';
        pub const ZERO_POOL: felt252 = 'Log: zero pool';
        pub const ZERO_PARTICIPANTS: felt252 = 'Log: zero participants';
        pub const UNKNOWN_KIND: felt252 = 'Log: unknown kind';
        pub const ALREADY_WRITTEN: felt252 = 'Log: already written';
        pub const POOL_ALREADY_SET: felt252 = 'Log: pool already set';
    }

    #[constructor]
    fn constructor(ref self: ContractState, participants: ContractAddress) {
        assert(Zero::is_non_zero(@participants), Errors::ZERO_PARTICIPANTS);
        self.participants.write(participants);
    }

    #[abi(embed_v0)]
    impl AccessLogImpl of IAccessLog<ContractState> {
        fn log_of(self: @ContractState, patient: ContractAddress) -> PatientLog {
            PatientLog { count: self.counts.read(patient), head: self.heads.read(patient) }
        }

        fn entry(self: @ContractState, hospital: felt252, patient: ContractAddress, digest: felt252) -> Entry {
            unpack(self.entries.read((hospital, patient, digest)))
        }

        fn pool(self: @ContractState) -> ContractAddress {
            self.pool.read()
        }

        fn append(ref self: ContractState, patient: ContractAddress, kind: u8, digest: felt252) -> u64 {
            let hospital = self.register().acting_organisation(get_caller_address(), Role::HOSPITAL);
            assert(hospital != 0, Errors::NOT_HOSPITAL);
            self.write_entry(hospital, patient, kind, digest)
        }

        fn append_for(ref self: ContractState, hospital: felt252, patient: ContractAddress, kind: u8, digest: felt252) -> u64 {
            assert(get_caller_address() == self.pool.read(), Errors::NOT_POOL);
            self.write_entry(hospital, patient, kind, digest)
        }

        fn set_pool(ref self: ContractState, pool: ContractAddress) {
            assert(get_caller_address() == self.register().owner(), Errors::NOT_OWNER);
            assert(Zero::is_zero(@self.pool.read()), Errors::POOL_ALREADY_SET);
            assert(Zero::is_non_zero(@pool), Errors::ZERO_POOL);
            self.pool.write(pool);
            self.emit(PoolSet { pool });
        }
    }

    #[generate_trait]
    impl InternalImpl of InternalTrait {
        fn register(self: @ContractState) -> IParticipantsDispatcher {
            IParticipantsDispatcher { contract_address: self.participants.read() }
        }

        fn write_entry(ref self: ContractState, hospital: felt252, patient: ContractAddress, kind: u8, digest: felt252) -> u64 {
            assert(Zero::is_non_zero(@patient), Errors::ZERO_PATIENT);
            assert(digest != 0, Errors::ZERO_DIGEST);
            assert(kind == EntryKind::ACCESS || kind == EntryKind::REFUSAL, Errors::UNKNOWN_KIND);
            assert(self.entries.read((hospital, patient, digest)) == 0, Errors::ALREADY_WRITTEN);
            let index = self.counts.read(patient) + 1;
            let logged_at_s = get_block_timestamp();
            let before = if index == 1 {
                genesis(patient)
            } else {
                self.heads.read(patient)
            };
            let link = array![domains::LOG, before, index.into(), hospital, kind.into(), digest, logged_at_s.into()];
            let head = poseidon_hash_span(link.span());
            self.entries.write((hospital, patient, digest), pack(Entry { index, kind, logged_at_s }));
            self.counts.write(patient, index);
            self.heads.write(patient, head);
            self.emit(EntryAppended { patient, hospital, index, kind, digest, head, logged_at_s });
            index
        }
    }

    /// What the first entry of a patient follows: binds the whole chain to this chain id, this contract and this patient.
    fn genesis(patient: ContractAddress) -> felt252 {
        let chain_id = get_tx_info().unbox().chain_id;
        poseidon_hash_span(array![domains::LOG_GENESIS, chain_id, get_contract_address().into(), patient.into()].span())
    }

    const TIME: u128 = 0x10000000000000000;

    /// Index, time and kind in one felt: 64 bits, 64 bits, then the kind on top.
    fn pack(entry: Entry) -> felt252 {
        let low: u128 = entry.index.into() + entry.logged_at_s.into() * TIME;
        low.into() + entry.kind.into() * 0x100000000000000000000000000000000
    }

    fn unpack(packed: felt252) -> Entry {
        let value: u256 = packed.into();
        Entry {
            index: (value.low % TIME).try_into().unwrap(),
            kind: value.high.try_into().unwrap(),
            logged_at_s: (value.low / TIME).try_into().unwrap(),
        }
    }
}
