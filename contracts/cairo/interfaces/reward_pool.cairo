//! Money for consented use: studies with public offers, escrow a request, rewards that their owners collect.
use starknet::ContractAddress;
use crate::interfaces::consent_registry::ConsentOpening;

/// Where a request stands. It leaves `OPEN` exactly once.
pub mod RequestState {
    pub const UNKNOWN: u8 = 0;
    pub const OPEN: u8 = 1;
    pub const SETTLED: u8 = 2;
    pub const REFUSED: u8 = 3;
    pub const EXPIRED: u8 = 4;
}

/// A study's public offer. It never changes once the study is open.
#[derive(Copy, Drop, Serde, PartialEq, starknet::Store)]
pub struct StudyTerms {
    /// The research office that asks; the grantee of every consent that the study uses.
    pub organisation: felt252,
    /// What the data is for: an index in the PurposeOfUse tree.
    pub purpose: u8,
    /// ERC-20 that pays.
    pub token: ContractAddress,
    /// Price of one access, smallest unit.
    pub price: u128,
    /// Share of the hospital, basis points of the price, rounded down.
    pub hospital_bps: u16,
    /// Share of the pool, basis points of the price, rounded down. The patient gets all the rest.
    pub pool_bps: u16,
    /// How many accesses one patient is paid for at most.
    pub cap_per_patient: u32,
    /// No request after this block time, seconds.
    pub deadline_s: u64,
    /// How long a hospital may take to answer a request, seconds.
    pub answer_within_s: u64,
    /// Salted hash of the description that the research office keeps.
    pub details: felt252,
}

/// A study with its money. All zero when there is none.
#[derive(Copy, Drop, Serde, PartialEq, starknet::Store)]
pub struct Study {
    pub terms: StudyTerms,
    pub funder: ContractAddress,
    /// Neither reserved nor paid, smallest unit.
    pub available: u128,
    /// Held for open requests, smallest unit.
    pub reserved: u128,
}

/// One request for one patient's data, with its price in escrow. All zero when there is none.
#[derive(Copy, Drop, Serde, PartialEq, starknet::Store)]
pub struct Request {
    pub study: u64,
    /// One of `RequestState`.
    pub state: u8,
    /// The account that asked; the data is encrypted to its key.
    pub requester: ContractAddress,
    pub patient: ContractAddress,
    /// The hospital that is asked, and the only one that may answer.
    pub hospital: felt252,
    /// From this block time on it can only expire, seconds.
    pub expires_at_s: u64,
    /// Salted hash of what is asked for.
    pub digest: felt252,
}

#[starknet::interface]
pub trait IRewardPool<TState> {
    /// How many studies were opened; their ids are 1 to this.
    fn study_count(self: @TState) -> u64;
    /// How many requests were made; their ids are 1 to this.
    fn request_count(self: @TState) -> u64;
    /// The study `id`; all zero when there is none.
    fn study(self: @TState, id: u64) -> Study;
    /// The request `id`; all zero when there is none.
    fn request_of(self: @TState, id: u64) -> Request;
    /// The request that `requester` made under `digest`; zero when none.
    fn request_by_digest(self: @TState, requester: ContractAddress, digest: felt252) -> u64;
    /// What `account` may collect, smallest unit.
    fn owed(self: @TState, token: ContractAddress, account: ContractAddress) -> u128;
    /// What `organisation` may collect, smallest unit.
    fn owed_to_organisation(self: @TState, token: ContractAddress, organisation: felt252) -> u128;
    /// What the pool's owner may collect, smallest unit.
    fn owed_to_pool(self: @TState, token: ContractAddress) -> u128;
    /// All that the pool owes or holds in escrow of `token`; never more than its balance.
    fn liabilities(self: @TState, token: ContractAddress) -> u128;
    /// How many open or settled requests of `study` count against the cap of `patient`.
    fn used_by_patient(self: @TState, study: u64, patient: ContractAddress) -> u32;

    /// Opens a study and funds it with what the token really delivers of `deposit`; returns its id.
    /// Requirements: the caller is an operator of the active research office `terms.organisation`; price, cap and deposit are not
    /// zero; shares are at most 10,000 basis points together; the purpose is in the tree; the deadline is at most five years ahead; the answering time
    /// is between one minute and 90 days; the caller approved `deposit`.
    /// Emits `StudyOpened` and `StudyFunded`.
    fn open_study(ref self: TState, terms: StudyTerms, deposit: u128) -> u64;

    /// Adds what the token really delivers of `amount` to a study.
    /// Requirements: the caller is the study's funder, whatever its office's standing; `amount` is not zero; the deadline is ahead; price,
    /// deposit and all that the pool holds of the token stay below 2^112.
    /// Emits `StudyFunded`.
    fn fund(ref self: TState, study: u64, amount: u128);

    /// Asks `hospital` for data of `patient` and holds the price; returns the request's id.
    /// Requirements: the caller is an operator of the study's research office, which is active; the deadline is ahead; `hospital` is
    /// an active hospital; `patient` and `digest` are not zero; this digest was not used by the caller; price available; cap not reached.
    /// Emits `RequestOpened`.
    fn request(ref self: TState, study: u64, patient: ContractAddress, hospital: felt252, digest: felt252) -> u64;

    /// Answers a request with data: opens the consent, writes the log entry and credits the parties, all or nothing.
    /// Requirements: the caller is an operator of the asked hospital, which is active; the request is open, not past its time and has this
    /// `digest` (after a reorganisation its number may be another's); who asked still acts for the study's office, which is active; the
    /// consent decides permit for that office and the study's purpose; no salt is zero; `entry` is not zero and was not written before.
    /// Emits `RequestSettled` (and the log's `EntryAppended`).
    fn settle(ref self: TState, request: u64, digest: felt252, opening: ConsentOpening, entry: felt252);

    /// Answers a request with a logged refusal; the price goes back to the study.
    /// Requirements: the caller is an operator of the asked hospital, which is active; the request is open, not past its time and has this
    /// `digest`; `entry` is not zero and was not written before.
    /// Emits `RequestRefused` (and the log's `EntryAppended`).
    fn refuse(ref self: TState, request: u64, digest: felt252, entry: felt252);

    /// Gives the price of an unanswered request back to its study. Anyone may call.
    /// Requirements: the request is open and past its time.
    /// Emits `RequestExpired`.
    fn expire(ref self: TState, request: u64);

    /// Pays the caller's rewards in `token` to the caller; returns the amount.
    /// Requirements: something is owed; the token takes exactly that amount from the pool.
    /// Emits `RewardClaimed`.
    fn claim(ref self: TState, token: ContractAddress) -> u128;

    /// Pays the rewards of the caller's organisation to its payout address; returns the amount. A suspended one keeps what it earned.
    /// Requirements: the caller is an operator; something is owed.
    /// Emits `OrganisationRewardClaimed`.
    fn claim_for_organisation(ref self: TState, token: ContractAddress) -> u128;

    /// Pays the pool's share to `to`; returns the amount.
    /// Requirements: the caller is the owner of the participants contract; `to` is not zero; something is owed.
    /// Emits `PoolShareClaimed`.
    fn claim_pool_share(ref self: TState, token: ContractAddress, to: ContractAddress) -> u128;

    /// Pays what a study has left and not reserved to its funder; returns the amount. Again after later expiries.
    /// Requirements: the caller is the funder; the deadline has passed; something is left.
    /// Emits `StudyRefunded`.
    fn refund(ref self: TState, study: u64) -> u128;
}
