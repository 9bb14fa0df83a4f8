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

/// Where a consent stands in a bundle: many consents granted as one commitment, the root of their Merkle tree.
/// A consent that was granted by itself has an empty path and index zero.
#[derive(Copy, Drop, Serde)]
pub struct Membership {
    /// Place among the leaves, from 0.
    pub index: u32,
    /// Siblings from the leaf up, at most 16.
    pub path: Span<felt252>,
}

/// The three parts of a consent that a settlement opens, each with its salt, and the part that stays closed.
#[derive(Copy, Drop, Serde)]
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
    /// Where it stands in the bundle it was granted with.
    pub membership: Membership,
}

/// One consent that takes another's place.
#[derive(Copy, Drop, Serde, PartialEq)]
pub struct Replacement {
    pub old: felt252,
    pub new: felt252,
}

/// Many changes at once, all or nothing: first the revocations, then the replacements, then the grants; at most 300 together.
#[derive(Copy, Drop, Serde)]
pub struct ConsentOrder {
    pub revoke: Span<felt252>,
    pub replace: Span<Replacement>,
    pub grant: Span<felt252>,
}

#[starknet::interface]
pub trait IConsentRegistry<TState> {
    /// State of the consent that `patient` granted under `commitment`; all zero when there is none. A consent of a bundle that was not
    /// ended by itself is unknown here: see `state_in`.
    fn state(self: @TState, patient: ContractAddress, commitment: felt252) -> ConsentState;

    /// State of a consent as a member of its bundle: its own state when it was ended by itself, else that of the bundle.
    /// Fails with 'Consent: path too long' above 16 siblings, and with 'Consent: bad membership' when the index is beyond the path.
    fn state_in(self: @TState, patient: ContractAddress, commitment: felt252, membership: Membership) -> ConsentState;

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
    /// Fails with 'Consent: unknown purpose' when `purpose` is not in the tree, and as `commit` and `state_in` do.
    fn decide(self: @TState, patient: ContractAddress, opening: ConsentOpening, grantee: felt252, purpose: u8) -> u8;

    /// What `signer` signs to have an order carried out for `patient` by anybody: the SNIP-12 (revision 1) hash, bound to this chain and contract.
    fn order_hash(
        self: @TState, patient: ContractAddress, signer: ContractAddress, order: ConsentOrder, nonce: u64, deadline_s: u64,
    ) -> felt252;

    /// The nonce that the next signed order of `signer` must have.
    fn nonce_of(self: @TState, signer: ContractAddress) -> u64;

    /// Until when `guardian` may act for `patient`, seconds, exclusive; zero when never, or no more.
    fn guardian_until_s(self: @TState, patient: ContractAddress, guardian: ContractAddress) -> u64;

    /// Makes the caller's consent active. Who, what for, which data and until when stay inside the commitment, which may also be the root of a bundle.
    /// Requirements: `commitment` is not zero and the caller never used it before.
    /// Emits `ConsentGranted`.
    fn grant(ref self: TState, commitment: felt252);

    /// Ends `old` and makes `new` active in one step: there is no moment with both or neither.
    /// Requirements: the caller's `old` is active; `new` is not zero and the caller never used it before.
    /// Emits `ConsentReplaced`.
    fn replace(ref self: TState, old: felt252, new: felt252);

    /// Ends a consent (or a whole bundle) for good: `decide` denies from this block on.
    /// Requirements: the caller granted `commitment`, and it is active.
    /// Emits `ConsentRevoked`.
    fn revoke(ref self: TState, commitment: felt252);

    /// Ends one consent of a bundle for good; the others stay.
    /// Requirements: the caller is the patient or a guardian in time; the consent is a member of a bundle that is active, and was not ended before.
    /// Emits `ConsentRevoked`.
    fn revoke_member(ref self: TState, patient: ContractAddress, commitment: felt252, membership: Membership);

    /// Carries out many changes for a patient, all or nothing.
    /// Requirements: the caller is the patient or a guardian in time; the order has 1 to 300 changes, each as `grant`, `replace` and `revoke` require.
    /// Emits the events of each.
    fn submit(ref self: TState, patient: ContractAddress, order: ConsentOrder);

    /// Carries out an order that `signer` signed; anybody may bring it, and pay for it.
    /// Requirements: as `submit`, with the signer as the caller; `nonce` is `nonce_of(signer)`; the block time is before `deadline_s`; the
    /// signer's account answers `is_valid_signature` with 'VALID' for `order_hash`.
    /// Emits `NonceUsed` and the events of each change.
    fn submit_signed(
        ref self: TState,
        patient: ContractAddress,
        signer: ContractAddress,
        order: ConsentOrder,
        nonce: u64,
        deadline_s: u64,
        signature: Span<felt252>,
    );

    /// Makes every order worthless that the caller signed with a nonce below `next`.
    /// Requirements: `next` is above `nonce_of` the caller, by at most 1,000,000.
    /// Emits `NonceUsed` with the last of them.
    fn burn_nonces(ref self: TState, next: u64);

    /// Lets `guardian` act for the caller's consents before `until_s`; naming one again changes the time.
    /// Requirements: `guardian` is neither zero nor the caller; `until_s` is ahead, at most 20 years.
    /// Emits `GuardianNamed`.
    fn name_guardian(ref self: TState, guardian: ContractAddress, until_s: u64);

    /// Ends at once what a guardian may do for the caller.
    /// Requirements: the guardian's time is not over.
    /// Emits `GuardianDismissed`.
    fn dismiss_guardian(ref self: TState, guardian: ContractAddress);
}
