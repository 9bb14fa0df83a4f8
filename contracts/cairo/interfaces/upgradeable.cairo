//! Replacing the code of a contract, behind a delay that anyone can see coming.
use starknet::{ClassHash, ContractAddress};

/// The class that may come next. All zero when none was planned.
#[derive(Copy, Drop, Serde, PartialEq)]
pub struct UpgradePlan {
    pub class_hash: felt252,
    /// From when on it may be put in place, seconds.
    pub ready_at_s: u64,
    /// From when on it may no longer be, seconds: an old plan must not be pulled out as a surprise.
    pub stale_at_s: u64,
}

#[starknet::interface]
pub trait IUpgradeable<TState> {
    /// The account that governs this contract.
    fn governor(self: @TState) -> ContractAddress;

    /// What is planned; all zero when nothing is.
    fn upgrade_plan(self: @TState) -> UpgradePlan;

    /// Plans the next class. Another plan takes this one's place, and the delay begins anew.
    /// Requirements: the caller governs; the class hash is not zero.
    /// Emits `UpgradePlanned`.
    fn plan_upgrade(ref self: TState, class_hash: ClassHash);

    /// Drops the plan.
    /// Requirements: the caller governs; something is planned.
    /// Emits `UpgradeCancelled`.
    fn cancel_upgrade(ref self: TState);

    /// Puts the planned class in place; storage stays.
    /// Requirements: the caller governs; `class_hash` is what was planned; the delay has passed and the plan is not stale.
    /// Emits `Upgraded`.
    fn upgrade(ref self: TState, class_hash: ClassHash);
}
