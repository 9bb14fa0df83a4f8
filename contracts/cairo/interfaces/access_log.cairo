//! The access log: append-only Merkle trees in the shape of RFC 6962, so that inclusion and completeness can both be proven.
//!
//! Each patient has a tree of single entries. One more tree holds the batches of all hospitals; a batch is a sparse Merkle tree with one
//! place for each patient, so that a patient can also prove that a batch has nothing of theirs.
use starknet::ContractAddress;

/// What an entry says happened.
pub mod EntryKind {
    /// Data left for somebody whom the patient's consent permits.
    pub const ACCESS: u8 = 1;
    /// A request was refused.
    pub const REFUSAL: u8 = 2;
    /// Data was used without consent in an emergency; the entry's reference is the reason, a purpose of the HL7 tree.
    pub const EMERGENCY: u8 = 3;
}

/// Where a dispute stands.
pub mod DisputeState {
    pub const NONE: u8 = 0;
    pub const OPEN: u8 = 1;
    pub const UPHELD: u8 = 2;
    pub const REJECTED: u8 = 3;
}

/// An append-only tree: how many leaves, and the hash over all of them in order. The root of an empty tree is zero.
#[derive(Copy, Drop, Serde, PartialEq)]
pub struct TreeHead {
    pub count: u64,
    pub root: felt252,
}

/// What one entry says: the part that hospital and patient choose; time, place and hospital come with the tree or the batch.
#[derive(Copy, Drop, Serde, PartialEq)]
pub struct Record {
    /// One of `EntryKind`.
    pub kind: u8,
    /// Request that a single access or refusal answered, zero when none; the reason of an emergency.
    pub reference: u64,
    /// Salted hash of what happened.
    pub digest: felt252,
}

/// A single entry with its way up in the patient's tree.
#[derive(Copy, Drop, Serde)]
pub struct SingleEntry {
    /// Place in the patient's tree, from 1.
    pub index: u64,
    pub hospital: felt252,
    pub record: Record,
    /// Block time, seconds.
    pub logged_at_s: u64,
    /// Siblings from the leaf up to the peak that the entry stands under.
    pub path: Span<felt252>,
}

/// An entry of a batch with its way up: first in the batch's sparse tree, then in the tree of batches.
#[derive(Copy, Drop, Serde)]
pub struct BatchedEntry {
    /// Place of the batch in the tree of batches, from 1.
    pub batch: u64,
    pub hospital: felt252,
    pub root: felt252,
    /// Block time of the batch, seconds.
    pub logged_at_s: u64,
    /// Siblings from the batch's leaf up to the peak it stands under.
    pub batch_path: Span<felt252>,
    /// Salt of the patient's leaf, so that nobody can find out by guessing who is in a batch.
    pub salt: felt252,
    /// All records of the patient in this batch, at most 64.
    pub records: Span<Record>,
    /// Which of them, from 0.
    pub which: u32,
    /// Levels of the sparse tree, from the leaf up, whose sibling is not empty: one bit each.
    pub sibling_mask: u64,
    /// Those siblings, from the leaf up.
    pub siblings: Span<felt252>,
}

/// A dispute of one entry. All zero when there is none.
#[derive(Copy, Drop, Serde, PartialEq)]
pub struct Dispute {
    /// One of `DisputeState`.
    pub state: u8,
    pub opened_at_s: u64,
    /// Request whose settlement is disputed; zero for any other entry.
    pub request: u64,
}

#[starknet::interface]
pub trait IAccessLog<TState> {
    /// The tree of single entries of `patient`. A leaf is `Poseidon('MedSync.log.leaf.v2', chain id, this contract, patient, index, hospital,
    /// kind, reference, digest, logged_at_s)`, a node the Poseidon hash of two; the root is shaped as in RFC 6962, section 2.1.
    fn log_of(self: @TState, patient: ContractAddress) -> TreeHead;

    /// The tree of all batches. A leaf is `Poseidon('MedSync.log.batch.v2', chain id, this contract, index, hospital, root, logged_at_s)`.
    fn batches(self: @TState) -> TreeHead;

    /// Whether the entry stands in the log of `patient`. False for a path that leads elsewhere, never a failure.
    fn includes_single(self: @TState, patient: ContractAddress, entry: SingleEntry) -> bool;

    /// Whether the entry stands in the log of `patient`, in a batch. False for a path that leads elsewhere, never a failure.
    /// A batch's record cannot name a request.
    fn includes_batched(self: @TState, patient: ContractAddress, entry: BatchedEntry) -> bool;

    /// What a dispute of a single entry is filed under.
    fn single_id(self: @TState, patient: ContractAddress, entry: SingleEntry) -> felt252;

    /// What a dispute of a batched entry is filed under.
    fn batched_id(self: @TState, patient: ContractAddress, entry: BatchedEntry) -> felt252;

    /// The dispute of an entry; all zero when there is none.
    fn dispute_of(self: @TState, patient: ContractAddress, entry_id: felt252) -> Dispute;

    /// The reward pool that may write for the hospitals it settles for; zero until set.
    fn pool(self: @TState) -> ContractAddress;

    /// Writes an entry of the caller's hospital; returns its index. An entry is never changed or removed; the same digest twice is two entries.
    /// Requirements: the caller is an operator of an active hospital; `patient` and `digest` are not zero; `kind` is access or refusal.
    /// Emits `EntryAppended`.
    fn append(ref self: TState, patient: ContractAddress, kind: u8, digest: felt252) -> u64;

    /// Writes an emergency access ("break the glass") of the caller's hospital; returns its index.
    /// Requirements: as `append`; `reason` is one of the emergency purposes of the HL7 tree (BTG, ETREAT, ERTREAT, DISASTER, THREAT).
    /// Emits `EntryAppended`.
    fn append_emergency(ref self: TState, patient: ContractAddress, reason: u8, digest: felt252) -> u64;

    /// Writes many entries of the caller's hospital, of any patients, as one root; returns the batch's index.
    /// Requirements: the caller is an operator of an active hospital; `root` is not zero.
    /// Emits `BatchAppended`.
    fn append_batch(ref self: TState, root: felt252) -> u64;

    /// Writes the answer to `request` for `hospital`, whose operator the reward pool has checked; returns its index.
    /// Requirements: the caller is the reward pool; the rest as for `append`.
    /// Emits `EntryAppended`.
    fn append_for(ref self: TState, hospital: felt252, patient: ContractAddress, kind: u8, request: u64, digest: felt252) -> u64;

    /// Disputes an entry of the caller. The dispute is public, its text is not: `statement` is a salted hash of it.
    /// Requirements: the entry stands in the caller's log; it was not disputed before; `statement` is not zero.
    /// Emits `DisputeOpened`; the pool hears of it when the entry is a paid access.
    fn dispute_single(ref self: TState, entry: SingleEntry, statement: felt252);

    /// As `dispute_single`, for an entry of a batch.
    fn dispute_batched(ref self: TState, entry: BatchedEntry, statement: felt252);

    /// Ends a dispute. An upheld one of a paid access is paid for from the study's bond.
    /// Requirements: the caller may `Power::ARBITRATE`; the dispute is open.
    /// Emits `DisputeResolved`.
    fn resolve(ref self: TState, patient: ContractAddress, entry_id: felt252, is_upheld: bool);

    /// Names the reward pool, once and for good.
    /// Requirements: the caller is the owner of the participants contract; no pool was named; `pool` is not zero.
    /// Emits `PoolSet`.
    fn set_pool(ref self: TState, pool: ContractAddress);
}
