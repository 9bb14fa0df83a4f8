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

/// What became of the dispute of a settled request.
pub mod Harm {
    pub const NONE: u8 = 0;
    pub const DISPUTED: u8 = 1;
    pub const UPHELD: u8 = 2;
    pub const REJECTED: u8 = 3;
    /// Upheld, and the patient has their part of the bond.
    pub const COMPENSATED: u8 = 4;
}

/// Where a study stands.
pub mod StudyState {
    pub const UNKNOWN: u8 = 0;
    pub const OPEN: u8 = 1;
    pub const CLOSED: u8 = 2;
}

/// A study's public offer. It never changes once the study is open.
#[derive(Copy, Drop, Serde, PartialEq)]
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
    /// No data leaves before so many different patients are asked or have answered; 0 and 1 are no minimum. Counts requests, not consents, which
    /// stay closed until they are paid for: the asked hospitals refuse whom they do not know, and a refused request does not count.
    pub min_cohort: u32,
    /// What the study loses to the patients it harmed, smallest unit; zero is no bond.
    pub bond: u128,
    /// No request after this block time, seconds.
    pub deadline_s: u64,
    /// How long a hospital may take to answer a request, seconds.
    pub answer_within_s: u64,
    /// Salted hash of the description that the research office keeps.
    pub details: felt252,
}

/// A study with its money. All zero when there is none.
#[derive(Copy, Drop, Serde, PartialEq)]
pub struct Study {
    pub terms: StudyTerms,
    pub funder: ContractAddress,
    /// One of `StudyState`.
    pub state: u8,
    /// Neither reserved nor paid, smallest unit.
    pub available: u128,
    /// Requests that wait for their answer; each holds the price.
    pub open_requests: u32,
    /// Requests that were answered with data.
    pub settled: u32,
    /// Different patients with an open or settled request.
    pub cohort: u32,
    /// Disputes of its accesses that wait for their end.
    pub open_disputes: u32,
    /// Disputes of its accesses that were upheld.
    pub upheld: u32,
}

/// One request for one patient's data, with its price in escrow. All zero when there is none.
#[derive(Copy, Drop, Serde, PartialEq)]
pub struct Request {
    pub study: u64,
    /// One of `RequestState`.
    pub state: u8,
    /// One of `Harm`.
    pub harm: u8,
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

    /// Whether the pool is paused: no new studies, deposits, requests and settlements. What was earned can still be claimed.
    fn is_paused(self: @TState) -> bool;

    /// From when a study can be closed, seconds: its deadline, the answering time of its last request, and 30 days for disputes.
    fn closes_at_s(self: @TState, study: u64) -> u64;

    /// What a patient gets of a closed study's bond for each access that harmed them, smallest unit; zero when nobody was harmed.
    fn compensation(self: @TState, study: u64) -> u128;

    /// Opens a study and funds it with what the token really delivers of `deposit` and the bond; returns its id.
    /// Requirements: the pool is not paused; the caller is an operator of the active research office `terms.organisation`; price, cap and deposit are
    /// not zero; shares are at most 10,000 basis points together; the purpose is in the tree; the deadline is at most five years ahead; the answering time
    /// is between one minute and 90 days; the caller approved deposit and bond, and more than the bond arrives.
    /// Emits `StudyOpened` and `StudyFunded`.
    fn open_study(ref self: TState, terms: StudyTerms, deposit: u128) -> u64;

    /// Adds what the token really delivers of `amount` to a study.
    /// Requirements: the pool is not paused; the caller is the study's funder, whatever its office's standing; `amount` is not zero; the deadline is ahead; price,
    /// deposit and all that the pool holds of the token stay below 2^112.
    /// Emits `StudyFunded`.
    fn fund(ref self: TState, study: u64, amount: u128);

    /// Asks `hospital` for data of `patient` and holds the price; returns the request's id.
    /// Requirements: the pool is not paused; the caller is an operator of the study's research office, which is active; the deadline is ahead; `hospital` is
    /// an active hospital; `patient` and `digest` are not zero; this digest was not used by the caller; price available; cap not reached.
    /// Emits `RequestOpened`.
    fn request(ref self: TState, study: u64, patient: ContractAddress, hospital: felt252, digest: felt252) -> u64;

    /// Answers a request with data: opens the consent, writes the log entry and credits the parties, all or nothing.
    /// Requirements: the pool is not paused; the caller is an operator of the asked hospital, which is active; the request is open, not past its
    /// time and has this `digest` (after a reorganisation its number may be another's); who asked still acts for the study's office, which is active; the
    /// study's cohort has its minimum; the consent decides permit for that office and the study's purpose; no salt is zero; `entry` is not zero.
    /// Emits `RequestSettled` (and the log's `EntryAppended`).
    fn settle(ref self: TState, request: u64, digest: felt252, opening: ConsentOpening, entry: felt252);

    /// Answers a request with a logged refusal; the price goes back to the study.
    /// Requirements: the caller is an operator of the asked hospital, which is active; the request is open, not past its time and has this
    /// `digest`; `entry` is not zero.
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

    /// Pays the caller's rewards in each of these tokens, all or nothing; a token in which nothing is owed is passed over.
    /// Requirements: 1 to 50 tokens; something is owed in one of them; each takes exactly its amount from the pool.
    /// Emits `RewardClaimed` for each.
    fn claim_many(ref self: TState, tokens: Span<ContractAddress>);

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

    /// Ends a study for good and shares out what is left of it. Anyone may call. What is left goes to the funder's rewards. Without an upheld dispute
    /// so do the bond and the rebate, half of the pool's share; with one, the bond is divided among the upheld disputes alike (who was harmed twice gets two parts), to be credited by
    /// `compensate`, and its dust and all of the pool's share go to the pool.
    /// Requirements: the study is open; `closes_at_s` has come; no request and no dispute is open.
    /// Emits `StudyClosed`.
    fn close(ref self: TState, study: u64);

    /// Credits the patient of a request with their part of the bond. Anyone may call.
    /// Requirements: the study is closed; the dispute of this request was upheld; it was not compensated before.
    /// Emits `PatientCompensated`.
    fn compensate(ref self: TState, request: u64);

    /// Hears that the access of a settled request is disputed. Does nothing once the study may be closed: a late dispute is public but holds no money.
    /// Requirements: the caller is the access log.
    /// Emits `StudyDisputed`.
    fn dispute_opened(ref self: TState, request: u64);

    /// Hears how the dispute ended. Does nothing for one that came too late.
    /// Requirements: the caller is the access log.
    /// Emits `StudyDisputeEnded`.
    fn dispute_resolved(ref self: TState, request: u64, is_upheld: bool);

    /// Stops new studies, deposits, requests and settlements. Refusals, expiries, claims and refunds go on.
    /// Requirements: the caller may `Power::PAUSE`; the pool is not paused.
    /// Emits `Paused`.
    fn pause(ref self: TState);

    /// Lets everything go on.
    /// Requirements: the caller is the owner of the participants contract; the pool is paused.
    /// Emits `Unpaused`.
    fn unpause(ref self: TState);
}
