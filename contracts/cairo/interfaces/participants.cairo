//! Who takes part: the organisations that governance admitted, their operators and keys, and who governs.
use starknet::ContractAddress;

/// What an organisation may do. A hospital answers requests; a research office makes them.
pub mod Role {
    pub const HOSPITAL: u8 = 1;
    pub const RESEARCH: u8 = 2;
}

/// Where an organisation stands. Only an active one may act.
pub mod Standing {
    pub const ACTIVE: u8 = 1;
    pub const SUSPENDED: u8 = 2;
}

/// What governance lets an account do, one bit each. The owner has them all.
pub mod Power {
    /// Admit organisations, each with its first operator. Not more: who could name operators of organisations that exist could spend their money.
    pub const ADMIT: u8 = 1;
    /// Suspend organisations, remove operators.
    pub const SUSPEND: u8 = 2;
    /// Pause the reward pool.
    pub const PAUSE: u8 = 4;
    /// Resolve disputes.
    pub const ARBITRATE: u8 = 8;
    /// All of them.
    pub const ALL: u8 = 15;
}

/// One organisation as the chain knows it. All zero when `id` was never admitted.
#[derive(Copy, Drop, Serde, PartialEq)]
pub struct Organisation {
    /// One of `Role`.
    pub role: u8,
    /// One of `Standing`.
    pub standing: u8,
    /// Block time of the admission, seconds.
    pub admitted_at_s: u64,
    /// Public name, a short string.
    pub name: felt252,
    /// Where its rewards are paid to.
    pub payout: ContractAddress,
}

/// What an account may do, and what it will be able to do when the delay has passed.
#[derive(Copy, Drop, Serde, PartialEq)]
pub struct Powers {
    /// Bits of `Power` that count now.
    pub current: u8,
    /// Bits that `apply_powers` will set; meaningless while `ready_at_s` is zero.
    pub planned: u8,
    /// From when they can be applied, seconds; zero when nothing is planned.
    pub ready_at_s: u64,
}

#[starknet::interface]
pub trait IParticipants<TState> {
    /// The account that governs.
    fn owner(self: @TState) -> ContractAddress;

    /// The account that may take over with `accept_ownership`; zero when none was named.
    fn pending_owner(self: @TState) -> ContractAddress;

    /// From when the pending owner may take over, seconds; zero when none was named.
    fn ownership_ready_at_s(self: @TState) -> u64;

    /// What governance lets `account` do. The owner's own powers do not stand here.
    fn powers_of(self: @TState, account: ContractAddress) -> Powers;

    /// Whether `account` may use `power` now: it is the owner, or holds that bit.
    fn has_power(self: @TState, account: ContractAddress, power: u8) -> bool;

    /// The organisation `id`; all zero when it was never admitted.
    fn organisation(self: @TState, id: felt252) -> Organisation;

    /// The organisation that `operator` acts for, whatever its standing; zero when none.
    fn organisation_of(self: @TState, operator: ContractAddress) -> felt252;

    /// The organisation that `operator` may act for now in `role`; zero when there is none or it is suspended.
    fn acting_organisation(self: @TState, operator: ContractAddress, role: u8) -> felt252;

    /// Whether `id` is admitted in `role` and not suspended.
    fn is_active(self: @TState, id: felt252, role: u8) -> bool;

    /// The X25519 public key that data for `operator` is encrypted to; zero when none was set.
    fn encryption_key(self: @TState, operator: ContractAddress) -> u256;

    /// Admits an organisation with its first operator.
    /// Requirements:
    /// - The caller may `Power::ADMIT`.
    /// - `id`, `name`, `payout` and `operator` are not zero; `role` is one of `Role`.
    /// - `id` was never admitted, and `operator` acts for nobody yet.
    /// Emits `OrganisationAdmitted` and `OperatorAdded`.
    fn admit(ref self: TState, id: felt252, role: u8, name: felt252, payout: ContractAddress, operator: ContractAddress);

    /// Stops an organisation from acting, in every contract and at once.
    /// Requirements: the caller may `Power::SUSPEND`; `id` is active.
    /// Emits `OrganisationSuspended`.
    fn suspend(ref self: TState, id: felt252);

    /// Lets a suspended organisation act again.
    /// Requirements: the caller is the owner; `id` is suspended.
    /// Emits `OrganisationReinstated`.
    fn reinstate(ref self: TState, id: felt252);

    /// Changes where the rewards of `id` are paid to.
    /// Requirements: the caller is the owner (a stolen operator key must not move money); `id` is admitted; `payout` is not zero.
    /// Emits `PayoutChanged`.
    fn set_payout(ref self: TState, id: felt252, payout: ContractAddress);

    /// Lets `operator` act for `id`.
    /// Requirements: the caller is the owner; `id` is admitted; `operator` is not zero and acts for nobody yet.
    /// Emits `OperatorAdded`.
    fn add_operator(ref self: TState, id: felt252, operator: ContractAddress);

    /// Ends what `operator` may do, and forgets its encryption key.
    /// Requirements: the caller may `Power::SUSPEND`; `operator` acts for an organisation.
    /// Emits `OperatorRemoved`.
    fn remove_operator(ref self: TState, operator: ContractAddress);

    /// Publishes the caller's X25519 public key (32 bytes, big-endian as u256).
    /// Requirements: the caller is an operator of an active organisation; `key` is not zero.
    /// Emits `EncryptionKeySet`.
    fn set_encryption_key(ref self: TState, key: u256);

    /// Plans the powers of an account: they count once the delay has passed and `apply_powers` was called. Another plan takes this one's place.
    /// Requirements: the caller is the owner; `account` is not zero; `powers` has bits of `Power` only.
    /// Emits `PowersPlanned`.
    fn plan_powers(ref self: TState, account: ContractAddress, powers: u8);

    /// Gives an account the powers that were planned for it.
    /// Requirements: the caller is the owner; something is planned, the delay has passed, and the plan is not stale (two weeks later).
    /// Emits `PowersChanged`.
    fn apply_powers(ref self: TState, account: ContractAddress);

    /// Takes all powers of an account, and what was planned for it, at once: a stolen key must not get two more days.
    /// Requirements: the caller is the owner; the account has or awaits powers.
    /// Emits `PowersChanged`.
    fn revoke_powers(ref self: TState, account: ContractAddress);

    /// Names the next owner, who must accept after the delay. Naming zero takes the offer back.
    /// Requirements: the caller is the owner.
    /// Emits `OwnershipOffered`.
    fn offer_ownership(ref self: TState, to: ContractAddress);

    /// Takes the ownership that was offered.
    /// Requirements: the caller is the pending owner; the delay has passed.
    /// Emits `OwnershipAccepted`.
    fn accept_ownership(ref self: TState);
}
