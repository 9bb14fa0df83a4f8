//! Consents as the chain keeps them: a salted commitment and its state, nothing of its terms.
use starknet::ContractAddress;

/// Where a consent stands. `UNKNOWN` is what a commitment that was never granted reads as.
pub mod Status {
    pub const UNKNOWN: u8 = 0;
    pub const ACTIVE: u8 = 1;
    pub const REVOKED: u8 = 2;
    pub const REPLACED: u8 = 3;
}

/// What `decide` answers. Only `PERMIT` permits; each other value is the one reason for the denial.
pub mod Decision {
    pub const PERMIT: u8 = 1;
    pub const NOT_GRANTED: u8 = 2;
    pub const REVOKED: u8 = 3;
    pub const REPLACED: u8 = 4;
    pub const NOT_YET_VALID: u8 = 5;
    pub const EXPIRED: u8 = 6;
    pub const OTHER_GRANTEE: u8 = 7;
    pub const OTHER_PURPOSE: u8 = 8;
}

/// State of one (patient, commitment); packed in one storage slot.
#[derive(Copy, Drop, Serde, PartialEq)]
pub struct ConsentState {
    /// One of `Status`.
    pub status: u8,
    /// Block time of the grant, seconds; zero when unknown.
    pub granted_at_s: u64,
    /// Block time of the revocation or replacement, seconds; zero while active.
    pub ended_at_s: u64,
}

/// The three parts of a consent that a settlement opens, each with its salt, and the part that stays closed.
#[derive(Copy, Drop, Serde, PartialEq)]
pub struct ConsentOpening {
    /// Who may use the data: an organisation id.
    pub grantee: felt252,
    pub grantee_salt: felt252,
    /// What for: one bit a purpose, by its index in the PurposeOfUse tree.
    pub purposes: u128,
    pub purposes_salt: felt252,
    /// From when, seconds, inclusive.
    pub not_before_s: u64,
    /// Until when, seconds, exclusive.
    pub expires_at_s: u64,
    pub period_salt: felt252,
    /// Which data: the salted commitment of this part, never opened on chain.
    pub data: felt252,
}

#[starknet::interface]
pub trait IConsentRegistry<TState> {
    /// State of the consent that `patient` granted under `commitment`; all zero when there is none.
    fn state(self: @TState, patient: ContractAddress, commitment: felt252) -> ConsentState;

    /// The commitment that these parts give for `patient` on this chain and this contract.
    /// Fails with 'Consent: zero salt' when one of the salts, or the closed part, is zero: it would hide nothing.
    fn commit(self: @TState, patient: ContractAddress, opening: ConsentOpening) -> felt252;

    /// The closed part: `Poseidon(domain, salt, categories, provisions)`. For checking one's own arithmetic on a node of one's own.
    fn data_part(self: @TState, categories: u128, provisions: felt252, salt: felt252) -> felt252;

    /// Hash of the finer provisions: period of the data (seconds; zero is open), custodian (zero is any), sensitivities.
    fn provisions_part(self: @TState, data_from_s: u64, data_to_s: u64, custodian: felt252, sensitivities: u128) -> felt252;

    /// Whether `grantee` may act for `purpose` now: `Decision::PERMIT`, or the exact reason why not.
    /// Says nothing of the grantee's standing: who pays or releases checks that it is active.
    /// A granted purpose permits itself and its descendants. Valid from `not_before_s` on, and before `expires_at_s`.
    /// Fails with 'Consent: unknown purpose' when `purpose` is not in the tree, and as `commit` does.
    fn decide(self: @TState, patient: ContractAddress, opening: ConsentOpening, grantee: felt252, purpose: u8) -> u8;

    /// Makes the caller's consent active. Who, what for, which data and until when stay inside the commitment.
    /// Requirements: `commitment` is not zero and the caller never used it before.
    /// Emits `ConsentGranted`.
    fn grant(ref self: TState, commitment: felt252);

    /// Ends `old` and makes `new` active in one step: there is no moment with both or neither.
    /// Requirements: the caller's `old` is active; `new` is not zero and the caller never used it before.
    /// Emits `ConsentReplaced`.
    fn replace(ref self: TState, old: felt252, new: felt252);

    /// Ends a consent for good: `decide` denies from this block on.
    /// Requirements: the caller granted `commitment`, and it is active.
    /// Emits `ConsentRevoked`.
    fn revoke(ref self: TState, commitment: felt252);
}
