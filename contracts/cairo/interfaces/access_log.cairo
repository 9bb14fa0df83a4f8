//! The access log: append-only, one hash chain a patient, so that a list of entries is provably whole.
use starknet::ContractAddress;

/// What an entry says happened. Emergency accesses come with their reason codes in a later version.
pub mod EntryKind {
    pub const ACCESS: u8 = 1;
    pub const REFUSAL: u8 = 2;
}

/// How many entries a patient has, and the hash over all of them in order.
#[derive(Copy, Drop, Serde, PartialEq)]
pub struct PatientLog {
    pub count: u64,
    pub head: felt252,
}

/// One entry as found by its digest. All zero when there is none.
#[derive(Copy, Drop, Serde, PartialEq)]
pub struct Entry {
    /// Place in the patient's chain, from 1.
    pub index: u64,
    /// One of `EntryKind`.
    pub kind: u8,
    /// Block time, seconds.
    pub logged_at_s: u64,
}

#[starknet::interface]
pub trait IAccessLog<TState> {
    /// Count and head of the chain of `patient`.
    /// The head after entry i is `Poseidon('MedSync.log.v1', head before, i, hospital, kind, digest, logged_at_s)`; the first follows
    /// `Poseidon('MedSync.log.genesis.v1', chain id, this contract, patient)`. Without entries both are zero.
    fn log_of(self: @TState, patient: ContractAddress) -> PatientLog;

    /// The entry that `hospital` wrote for `patient` under `digest`; all zero when there is none.
    fn entry(self: @TState, hospital: felt252, patient: ContractAddress, digest: felt252) -> Entry;

    /// The reward pool that may write for the hospitals it settles for; zero until set.
    fn pool(self: @TState) -> ContractAddress;

    /// Writes an entry of the caller's hospital; returns its index.
    /// Requirements: the caller is an operator of an active hospital; `patient` and `digest` are not zero; `kind` is one of
    /// `EntryKind`; this hospital wrote no entry with this digest for this patient before (a repeated call changes nothing).
    /// Emits `EntryAppended`.
    fn append(ref self: TState, patient: ContractAddress, kind: u8, digest: felt252) -> u64;

    /// As `append`, for `hospital`, whose operator the reward pool has checked.
    /// Requirements: the caller is the reward pool; the rest as for `append`.
    /// Emits `EntryAppended`.
    fn append_for(ref self: TState, hospital: felt252, patient: ContractAddress, kind: u8, digest: felt252) -> u64;

    /// Names the reward pool, once and for good.
    /// Requirements: the caller is the owner of the participants contract; no pool was named; `pool` is not zero.
    /// Emits `PoolSet`.
    fn set_pool(ref self: TState, pool: ContractAddress);
}
