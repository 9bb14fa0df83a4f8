//! The access log: every release, every refusal and every emergency, for good.
//!
//! Single entries stand in a tree of their patient, batches of any patients in one tree of all; its kind (and an emergency's reason) is public, what happened a salted digest.
#[starknet::contract]
pub mod AccessLog {
    use core::num::traits::Zero;
    use core::poseidon::poseidon_hash_span;
    use starknet::storage::{Map, StorageMapReadAccess, StorageMapWriteAccess, StoragePointerReadAccess, StoragePointerWriteAccess};
    use starknet::{ContractAddress, get_block_timestamp, get_caller_address, get_contract_address, get_tx_info};
    use crate::interfaces::access_log::{
        BatchedEntry, Dispute, DisputeState, EntryKind, IAccessLog, Record, SingleEntry, TreeHead,
    };
    use crate::interfaces::participants::{IParticipantsDispatcher, IParticipantsDispatcherTrait, Power, Role};
    use crate::interfaces::reward_pool::{IRewardPoolDispatcher, IRewardPoolDispatcherTrait};
    use crate::interfaces::src5::ISrc5;
    use crate::upgradeable::Upgradeable;
    use crate::{domains, interface_ids, merkle, packing, purposes};

    component!(path: Upgradeable, storage: upgradeable, event: UpgradeableEvent);

    #[abi(embed_v0)]
    impl UpgradeableImpl = Upgradeable::UpgradeableImpl<ContractState>;

    #[storage]
    struct Storage {
        #[substorage(v0)]
        upgradeable: Upgradeable::Storage,
        participants: ContractAddress,
        pool: ContractAddress,
        /// Leaves of each tree, by patient; the tree of batches is filed under zero.
        counts: Map<felt252, u64>,
        /// Peaks of each tree: the root of its perfect subtree of each height, where the count has that bit.
        peaks: Map<(felt252, u32), felt252>,
        disputes: Map<(ContractAddress, felt252), felt252>,
    }

    #[event]
    #[derive(Drop, starknet::Event)]
    pub enum Event {
        EntryAppended: EntryAppended,
        BatchAppended: BatchAppended,
        DisputeOpened: DisputeOpened,
        DisputeResolved: DisputeResolved,
        PoolSet: PoolSet,
        #[flat]
        UpgradeableEvent: Upgradeable::Event,
    }

    /// Emitted for every single entry; in order of `index` they rebuild the patient's tree.
    #[derive(Drop, starknet::Event)]
    pub struct EntryAppended {
        #[key]
        pub patient: ContractAddress,
        #[key]
        pub hospital: felt252,
        pub index: u64,
        pub kind: u8,
        pub reference: u64,
        pub digest: felt252,
        pub logged_at_s: u64,
    }

    /// Emitted for every batch; in order of `index` they rebuild the tree of batches.
    #[derive(Drop, starknet::Event)]
    pub struct BatchAppended {
        #[key]
        pub hospital: felt252,
        #[key]
        pub index: u64,
        pub root: felt252,
        pub logged_at_s: u64,
    }

    /// Emitted when `patient` disputes an entry; `statement` is a salted hash of what they say.
    #[derive(Drop, starknet::Event)]
    pub struct DisputeOpened {
        #[key]
        pub patient: ContractAddress,
        #[key]
        pub hospital: felt252,
        #[key]
        pub entry_id: felt252,
        pub request: u64,
        pub statement: felt252,
    }

    /// Emitted once for each dispute, when it ends.
    #[derive(Drop, starknet::Event)]
    pub struct DisputeResolved {
        #[key]
        pub patient: ContractAddress,
        #[key]
        pub entry_id: felt252,
        pub is_upheld: bool,
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
        pub const NOT_ARBITER: felt252 = 'Log: not an arbiter';
        pub const ZERO_PATIENT: felt252 = 'Log: zero patient';
        pub const ZERO_DIGEST: felt252 = 'Log: zero digest';
        pub const ZERO_ROOT: felt252 = 'Log: zero root';
        pub const ZERO_STATEMENT: felt252 = 'Log: zero statement';
        pub const ZERO_POOL: felt252 = 'Log: zero pool';
        pub const ZERO_PARTICIPANTS: felt252 = 'Log: zero participants';
        pub const UNKNOWN_KIND: felt252 = 'Log: unknown kind';
        pub const NO_EMERGENCY: felt252 = 'Log: no emergency reason';
        pub const NOT_IN_LOG: felt252 = 'Log: not in the log';
        pub const ALREADY_DISPUTED: felt252 = 'Log: already disputed';
        pub const NOT_DISPUTED: felt252 = 'Log: not disputed';
        pub const DISPUTE_ENDED: felt252 = 'Log: dispute ended';
        pub const POOL_ALREADY_SET: felt252 = 'Log: pool already set';
    }

    /// The tree of batches; patients' trees are filed under their address, which is never zero.
    const BATCHES: felt252 = 0;
    /// Records of one patient in one batch.
    const MAX_RECORDS: u32 = 64;

    #[constructor]
    fn constructor(ref self: ContractState, participants: ContractAddress) {
        assert(Zero::is_non_zero(@participants), Errors::ZERO_PARTICIPANTS);
        self.participants.write(participants);
    }

    impl GovernedImpl of crate::upgradeable::Governed<ContractState> {
        fn governor(self: @ContractState) -> ContractAddress {
            self.register().owner()
        }
    }

    #[abi(embed_v0)]
    impl Src5Impl of ISrc5<ContractState> {
        fn supports_interface(self: @ContractState, interface_id: felt252) -> bool {
            interface_id == interface_ids::ACCESS_LOG || interface_id == interface_ids::UPGRADEABLE || interface_id == interface_ids::SRC5
        }
    }

    #[abi(embed_v0)]
    impl AccessLogImpl of IAccessLog<ContractState> {
        fn log_of(self: @ContractState, patient: ContractAddress) -> TreeHead {
            self.head(patient.into())
        }

        fn batches(self: @ContractState) -> TreeHead {
            self.head(BATCHES)
        }

        fn includes_single(self: @ContractState, patient: ContractAddress, entry: SingleEntry) -> bool {
            Zero::is_non_zero(@patient) && self.includes(patient.into(), entry.index, single_leaf(patient, entry), entry.path)
        }

        fn includes_batched(self: @ContractState, patient: ContractAddress, entry: BatchedEntry) -> bool {
            if entry.records.len() > MAX_RECORDS || entry.which >= entry.records.len() {
                return false;
            }
            let Record { kind, reference, .. } = *entry.records.at(entry.which);
            let is_plain = (kind == EntryKind::ACCESS || kind == EntryKind::REFUSAL) && reference == 0;
            if !is_plain && !(kind == EntryKind::EMERGENCY && is_reason(reference)) {
                return false;
            }
            let leaf = batched_leaf(patient, entry.salt, entry.records);
            match merkle::sparse_root(leaf, place_of(patient), entry.sibling_mask, entry.siblings) {
                Option::Some(root) => root == entry.root
                    && self.includes(BATCHES, entry.batch, batch_leaf(entry.batch, entry.hospital, root, entry.logged_at_s), entry.batch_path),
                Option::None => false,
            }
        }

        fn single_id(self: @ContractState, patient: ContractAddress, entry: SingleEntry) -> felt252 {
            poseidon_hash_span(array![domains::LOG_ID, 0, 0, single_leaf(patient, entry)].span())
        }

        fn batched_id(self: @ContractState, patient: ContractAddress, entry: BatchedEntry) -> felt252 {
            let leaf = batched_leaf(patient, entry.salt, entry.records);
            poseidon_hash_span(array![domains::LOG_ID, entry.batch.into(), entry.which.into(), leaf].span())
        }

        fn dispute_of(self: @ContractState, patient: ContractAddress, entry_id: felt252) -> Dispute {
            unpack(self.disputes.read((patient, entry_id)))
        }

        fn pool(self: @ContractState) -> ContractAddress {
            self.pool.read()
        }

        fn append(ref self: ContractState, patient: ContractAddress, kind: u8, digest: felt252) -> u64 {
            let hospital = self.acting_hospital();
            assert(kind == EntryKind::ACCESS || kind == EntryKind::REFUSAL, Errors::UNKNOWN_KIND);
            self.write_entry(hospital, patient, Record { kind, reference: 0, digest })
        }

        fn append_emergency(ref self: ContractState, patient: ContractAddress, reason: u8, digest: felt252) -> u64 {
            let hospital = self.acting_hospital();
            assert(is_reason(reason.into()), Errors::NO_EMERGENCY);
            self.write_entry(hospital, patient, Record { kind: EntryKind::EMERGENCY, reference: reason.into(), digest })
        }

        fn append_batch(ref self: ContractState, root: felt252) -> u64 {
            let hospital = self.acting_hospital();
            assert(root != 0, Errors::ZERO_ROOT);
            let index = self.counts.read(BATCHES) + 1;
            let logged_at_s = get_block_timestamp();
            self.add_leaf(BATCHES, index, batch_leaf(index, hospital, root, logged_at_s));
            self.emit(BatchAppended { hospital, index, root, logged_at_s });
            index
        }

        fn append_for(
            ref self: ContractState, hospital: felt252, patient: ContractAddress, kind: u8, request: u64, digest: felt252,
        ) -> u64 {
            assert(get_caller_address() == self.pool.read(), Errors::NOT_POOL);
            assert(kind == EntryKind::ACCESS || kind == EntryKind::REFUSAL, Errors::UNKNOWN_KIND);
            self.write_entry(hospital, patient, Record { kind, reference: request, digest })
        }

        fn dispute_single(ref self: ContractState, entry: SingleEntry, statement: felt252) {
            let patient = get_caller_address();
            assert(self.includes_single(patient, entry), Errors::NOT_IN_LOG);
            let request = if entry.record.kind == EntryKind::ACCESS {
                entry.record.reference
            } else {
                0
            };
            self.open_dispute(patient, entry.hospital, self.single_id(patient, entry), request, statement);
        }

        fn dispute_batched(ref self: ContractState, entry: BatchedEntry, statement: felt252) {
            let patient = get_caller_address();
            assert(self.includes_batched(patient, entry), Errors::NOT_IN_LOG);
            self.open_dispute(patient, entry.hospital, self.batched_id(patient, entry), 0, statement);
        }

        fn resolve(ref self: ContractState, patient: ContractAddress, entry_id: felt252, is_upheld: bool) {
            assert(self.register().has_power(get_caller_address(), Power::ARBITRATE), Errors::NOT_ARBITER);
            let dispute = self.dispute_of(patient, entry_id);
            assert(dispute.state != DisputeState::NONE, Errors::NOT_DISPUTED);
            assert(dispute.state == DisputeState::OPEN, Errors::DISPUTE_ENDED);
            let state = if is_upheld {
                DisputeState::UPHELD
            } else {
                DisputeState::REJECTED
            };
            self.disputes.write((patient, entry_id), pack(Dispute { state, ..dispute }));
            self.emit(DisputeResolved { patient, entry_id, is_upheld });
            if dispute.request != 0 {
                IRewardPoolDispatcher { contract_address: self.pool.read() }.dispute_resolved(dispute.request, is_upheld);
            }
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

        fn acting_hospital(self: @ContractState) -> felt252 {
            let hospital = self.register().acting_organisation(get_caller_address(), Role::HOSPITAL);
            assert(hospital != 0, Errors::NOT_HOSPITAL);
            hospital
        }

        fn write_entry(ref self: ContractState, hospital: felt252, patient: ContractAddress, record: Record) -> u64 {
            assert(Zero::is_non_zero(@patient), Errors::ZERO_PATIENT);
            assert(record.digest != 0, Errors::ZERO_DIGEST);
            let index = self.counts.read(patient.into()) + 1;
            let logged_at_s = get_block_timestamp();
            let entry = SingleEntry { index, hospital, record, logged_at_s, path: array![].span() };
            self.add_leaf(patient.into(), index, single_leaf(patient, entry));
            let Record { kind, reference, digest } = record;
            self.emit(EntryAppended { patient, hospital, index, kind, reference, digest, logged_at_s });
            index
        }

        /// Adds leaf number `index` (from 1) to a tree: joins the peaks that are now complete, and keeps the new one.
        fn add_leaf(ref self: ContractState, tree: felt252, index: u64, leaf: felt252) {
            let mut hash = leaf;
            let mut height = 0;
            let mut before = index - 1;
            while before % 2 == 1 {
                hash = merkle::node(self.peaks.read((tree, height)), hash);
                before /= 2;
                height += 1;
            };
            self.peaks.write((tree, height), hash);
            self.counts.write(tree, index);
        }

        /// Count and root of a tree: its peaks, joined from the smallest up.
        fn head(self: @ContractState, tree: felt252) -> TreeHead {
            let count = self.counts.read(tree);
            let mut root = 0;
            let mut rest = count;
            let mut height = 0;
            while rest != 0 {
                if rest % 2 == 1 {
                    let peak = self.peaks.read((tree, height));
                    root = if root == 0 {
                        peak
                    } else {
                        merkle::node(peak, root)
                    };
                }
                rest /= 2;
                height += 1;
            };
            TreeHead { count, root }
        }

        /// Whether leaf number `index` (from 1) of a tree is `leaf`.
        fn includes(self: @ContractState, tree: felt252, index: u64, leaf: felt252, path: Span<felt252>) -> bool {
            let count = self.counts.read(tree);
            if index == 0 || index > count {
                return false;
            }
            let height = merkle::peak_height(index - 1, count);
            if path.len() != height {
                return false;
            }
            let (peak, _) = merkle::climb(leaf, index - 1, path);
            peak == self.peaks.read((tree, height))
        }

        fn open_dispute(
            ref self: ContractState, patient: ContractAddress, hospital: felt252, entry_id: felt252, request: u64, statement: felt252,
        ) {
            assert(statement != 0, Errors::ZERO_STATEMENT);
            assert(self.disputes.read((patient, entry_id)) == 0, Errors::ALREADY_DISPUTED);
            let dispute = Dispute { state: DisputeState::OPEN, opened_at_s: get_block_timestamp(), request };
            self.disputes.write((patient, entry_id), pack(dispute));
            self.emit(DisputeOpened { patient, hospital, entry_id, request, statement });
            if request != 0 {
                IRewardPoolDispatcher { contract_address: self.pool.read() }.dispute_opened(request);
            }
        }
    }

    /// Leaf of a single entry: binds chain, contract, patient, place and everything said.
    fn single_leaf(patient: ContractAddress, entry: SingleEntry) -> felt252 {
        let Record { kind, reference, digest } = entry.record;
        let (chain_id, log) = here();
        poseidon_hash_span(
            array![
                domains::LOG_LEAF,
                chain_id,
                log,
                patient.into(),
                entry.index.into(),
                entry.hospital,
                kind.into(),
                reference.into(),
                digest,
                entry.logged_at_s.into(),
            ]
                .span(),
        )
    }

    /// Leaf of a batch in the tree of batches.
    fn batch_leaf(index: u64, hospital: felt252, root: felt252, logged_at_s: u64) -> felt252 {
        let (chain_id, log) = here();
        poseidon_hash_span(array![domains::LOG_BATCH, chain_id, log, index.into(), hospital, root, logged_at_s.into()].span())
    }

    /// Leaf of a patient in a batch: salted, with all that the batch says of them.
    fn batched_leaf(patient: ContractAddress, salt: felt252, mut records: Span<Record>) -> felt252 {
        let mut values = array![domains::LOG_BATCHED, patient.into(), salt, records.len().into()];
        while let Option::Some(record) = records.pop_front() {
            values.append((*record.kind).into());
            values.append((*record.reference).into());
            values.append(*record.digest);
        };
        poseidon_hash_span(values.span())
    }

    /// The one place of a patient in every batch: the lowest 40 bits of a hash.
    fn place_of(patient: ContractAddress) -> u64 {
        let (low, _) = packing::split(poseidon_hash_span(array![domains::LOG_PLACE, patient.into()].span()));
        (low % 0x10000000000).try_into().unwrap()
    }

    fn here() -> (felt252, felt252) {
        (get_tx_info().unbox().chain_id, get_contract_address().into())
    }

    fn is_reason(reference: u64) -> bool {
        reference < purposes::COUNT.into() && purposes::is_emergency(reference.try_into().unwrap())
    }

    const WORD: u128 = 0x10000000000000000;

    /// Time and request below, state on top.
    fn pack(dispute: Dispute) -> felt252 {
        let mut low = dispute.opened_at_s.into();
        packing::put(ref low, dispute.request.into(), WORD);
        packing::join(low, dispute.state.into())
    }

    fn unpack(packed: felt252) -> Dispute {
        let (mut low, state) = packing::split(packed);
        let request = packing::take(ref low, WORD).try_into().unwrap();
        Dispute { state: state.try_into().unwrap(), opened_at_s: low.try_into().unwrap(), request }
    }
}
