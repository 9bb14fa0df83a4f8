//! What the reward pool keeps of studies and requests, each packed into one slot: a new slot is the dearest thing a transaction can buy.
use starknet::storage_access::StorePacking;
use crate::packing;

/// What a request and a settlement need of a study's terms.
#[derive(Copy, Drop)]
pub struct Offer {
    /// Below 2^112.
    pub price: u128,
    pub purpose: u8,
    pub hospital_bps: u16,
    pub pool_bps: u16,
    /// Below 2^20, as is the cohort.
    pub cap_per_patient: u32,
    pub min_cohort: u32,
    pub deadline_s: u64,
    pub answer_within_s: u64,
}

/// A study's money and counts.
#[derive(Copy, Drop)]
pub struct Account {
    /// Below 2^112.
    pub available: u128,
    pub state: u8,
    /// Below 2^24, as are cohort and disputes.
    pub open_requests: u32,
    /// Below 2^27.
    pub settled: u32,
    pub cohort: u32,
    pub open_disputes: u32,
    pub upheld: u32,
}

/// What changes of a request.
#[derive(Copy, Drop)]
pub struct Ticket {
    pub study: u64,
    pub state: u8,
    pub harm: u8,
    pub expires_at_s: u64,
}

const BPS: u128 = 0x4000;
const PURPOSE: u128 = 0x80;
const PEOPLE: u128 = 0x100000;
const TIME: u128 = 0x1000000000;
const SPAN: u128 = 0x800000;
const COUNT: u128 = 0x1000000;
const SETTLED: u128 = 0x8000000;
const BYTE: u128 = 0x100;
const WORD: u128 = 0x10000000000000000;

impl OfferPacking of StorePacking<Offer, felt252> {
    fn pack(value: Offer) -> felt252 {
        let mut low = value.price;
        packing::put(ref low, value.hospital_bps.into(), BPS);
        let mut high = value.answer_within_s.into();
        packing::put(ref high, value.deadline_s.into(), TIME);
        packing::put(ref high, value.min_cohort.into(), PEOPLE);
        packing::put(ref high, value.cap_per_patient.into(), PEOPLE);
        packing::put(ref high, value.pool_bps.into(), BPS);
        packing::put(ref high, value.purpose.into(), PURPOSE);
        packing::join(low, high)
    }

    fn unpack(value: felt252) -> Offer {
        let (mut low, mut high) = packing::split(value);
        let hospital_bps = packing::take(ref low, BPS).try_into().unwrap();
        let purpose = packing::take(ref high, PURPOSE).try_into().unwrap();
        let pool_bps = packing::take(ref high, BPS).try_into().unwrap();
        let cap_per_patient = packing::take(ref high, PEOPLE).try_into().unwrap();
        let min_cohort = packing::take(ref high, PEOPLE).try_into().unwrap();
        let deadline_s = packing::take(ref high, TIME).try_into().unwrap();
        let answer_within_s = high.try_into().unwrap();
        Offer { price: low, purpose, hospital_bps, pool_bps, cap_per_patient, min_cohort, deadline_s, answer_within_s }
    }
}

impl AccountPacking of StorePacking<Account, felt252> {
    fn pack(value: Account) -> felt252 {
        let mut low = value.available;
        packing::put(ref low, value.state.into(), BYTE);
        let mut high = 0;
        packing::put(ref high, value.upheld.into(), COUNT);
        packing::put(ref high, value.open_disputes.into(), COUNT);
        packing::put(ref high, value.cohort.into(), COUNT);
        packing::put(ref high, value.settled.into(), SETTLED);
        packing::put(ref high, value.open_requests.into(), COUNT);
        packing::join(low, high)
    }

    fn unpack(value: felt252) -> Account {
        let (mut low, mut high) = packing::split(value);
        let state = packing::take(ref low, BYTE).try_into().unwrap();
        let open_requests = packing::take(ref high, COUNT).try_into().unwrap();
        let settled = packing::take(ref high, SETTLED).try_into().unwrap();
        let cohort = packing::take(ref high, COUNT).try_into().unwrap();
        let open_disputes = packing::take(ref high, COUNT).try_into().unwrap();
        let upheld = high.try_into().unwrap();
        Account { available: low, state, open_requests, settled, cohort, open_disputes, upheld }
    }
}

impl TicketPacking of StorePacking<Ticket, felt252> {
    fn pack(value: Ticket) -> felt252 {
        let mut low = value.expires_at_s.into();
        packing::put(ref low, value.study.into(), WORD);
        let mut high = value.harm.into();
        packing::put(ref high, value.state.into(), BYTE);
        packing::join(low, high)
    }

    fn unpack(value: felt252) -> Ticket {
        let (mut low, mut high) = packing::split(value);
        let study = packing::take(ref low, WORD).try_into().unwrap();
        let state = packing::take(ref high, BYTE).try_into().unwrap();
        Ticket { study, state, harm: high.try_into().unwrap(), expires_at_s: low.try_into().unwrap() }
    }
}
