//! The reward pool: a study's money, the escrow of its requests, and what patients, hospitals and the pool have earned.
//!
//! All that is held or owed of a token is at most what the pool has of it. Money goes out only to those who ask for their own.
#[starknet::contract]
pub mod RewardPool {
    use core::num::traits::Zero;
    use starknet::storage::{
        Map, StorageMapReadAccess, StorageMapWriteAccess, StoragePathEntry, StoragePointerReadAccess, StoragePointerWriteAccess,
    };
    use starknet::{ContractAddress, get_block_timestamp, get_caller_address};
    use crate::interfaces::access_log::{EntryKind, IAccessLogDispatcher, IAccessLogDispatcherTrait};
    use crate::interfaces::consent_registry::{ConsentOpening, Decision, IConsentRegistryDispatcher, IConsentRegistryDispatcherTrait};
    use crate::interfaces::participants::{IParticipantsDispatcher, IParticipantsDispatcherTrait, Power, Role};
    use crate::interfaces::reward_pool::{Harm, IRewardPool, Request, RequestState, Study, StudyState, StudyTerms};
    use crate::interfaces::src5::ISrc5;
    use crate::reward_pool_slots::{Account, Offer, Ticket};
    use crate::upgradeable::Upgradeable;
    use crate::{interface_ids, purposes, tokens};

    component!(path: Upgradeable, storage: upgradeable, event: UpgradeableEvent);

    #[abi(embed_v0)]
    impl UpgradeableImpl = Upgradeable::UpgradeableImpl<ContractState>;

    /// What never changes of a study, in slots; `offer` is what a settlement needs of it.
    #[starknet::storage_node]
    struct StudySlots {
        offer: Offer,
        account: Account,
        organisation: felt252,
        token: ContractAddress,
        funder: ContractAddress,
        bond: u128,
        details: felt252,
        /// What a patient gets for each upheld dispute, once the study is closed.
        compensation: u128,
    }

    #[starknet::storage_node]
    struct RequestSlots {
        ticket: Ticket,
        requester: ContractAddress,
        patient: ContractAddress,
        hospital: felt252,
        digest: felt252,
    }

    #[storage]
    struct Storage {
        #[substorage(v0)]
        upgradeable: Upgradeable::Storage,
        participants: ContractAddress,
        registry: ContractAddress,
        log: ContractAddress,
        /// One of `Gate`.
        gate: u8,
        study_count: u64,
        studies: Map<u64, StudySlots>,
        request_count: u64,
        requests: Map<u64, RequestSlots>,
        request_ids: Map<(ContractAddress, felt252), u64>,
        used_by_patient: Map<(u64, ContractAddress), u32>,
        owed: Map<(ContractAddress, ContractAddress), u128>,
        owed_to_organisation: Map<(ContractAddress, felt252), u128>,
        owed_to_pool: Map<ContractAddress, u128>,
        liabilities: Map<ContractAddress, u128>,
    }

    #[event]
    #[derive(Drop, starknet::Event)]
    pub enum Event {
        StudyOpened: StudyOpened,
        StudyFunded: StudyFunded,
        StudyRefunded: StudyRefunded,
        RequestOpened: RequestOpened,
        RequestSettled: RequestSettled,
        RequestRefused: RequestRefused,
        RequestExpired: RequestExpired,
        RewardClaimed: RewardClaimed,
        OrganisationRewardClaimed: OrganisationRewardClaimed,
        PoolShareClaimed: PoolShareClaimed,
        StudyClosed: StudyClosed,
        StudyDisputed: StudyDisputed,
        StudyDisputeEnded: StudyDisputeEnded,
        PatientCompensated: PatientCompensated,
        Paused: Paused,
        Unpaused: Unpaused,
        #[flat]
        UpgradeableEvent: Upgradeable::Event,
    }

    /// Emitted once for each study, with its whole offer.
    #[derive(Drop, starknet::Event)]
    pub struct StudyOpened {
        #[key]
        pub study: u64,
        #[key]
        pub organisation: felt252,
        #[key]
        pub token: ContractAddress,
        pub funder: ContractAddress,
        pub terms: StudyTerms,
    }

    /// Emitted when `amount` has really arrived for a study.
    #[derive(Drop, starknet::Event)]
    pub struct StudyFunded {
        #[key]
        pub study: u64,
        #[key]
        pub from: ContractAddress,
        pub amount: u128,
    }

    /// Emitted when a study's funder takes back what was left.
    #[derive(Drop, starknet::Event)]
    pub struct StudyRefunded {
        #[key]
        pub study: u64,
        #[key]
        pub funder: ContractAddress,
        pub amount: u128,
    }

    /// Emitted when a price goes into escrow.
    #[derive(Drop, starknet::Event)]
    pub struct RequestOpened {
        #[key]
        pub request: u64,
        #[key]
        pub hospital: felt252,
        #[key]
        pub patient: ContractAddress,
        #[key]
        pub study: u64,
        pub requester: ContractAddress,
        pub digest: felt252,
        pub price: u128,
        pub expires_at_s: u64,
    }

    /// Emitted when data was released for a request and the parties were credited.
    #[derive(Drop, starknet::Event)]
    pub struct RequestSettled {
        #[key]
        pub request: u64,
        #[key]
        pub study: u64,
        #[key]
        pub patient: ContractAddress,
        pub hospital: felt252,
        pub entry: felt252,
        pub patient_share: u128,
        pub hospital_share: u128,
        pub pool_share: u128,
    }

    /// Emitted when a request was refused and its price went back to the study.
    #[derive(Drop, starknet::Event)]
    pub struct RequestRefused {
        #[key]
        pub request: u64,
        #[key]
        pub study: u64,
        #[key]
        pub patient: ContractAddress,
        pub hospital: felt252,
        pub entry: felt252,
    }

    /// Emitted when nobody answered in time and the price went back to the study.
    #[derive(Drop, starknet::Event)]
    pub struct RequestExpired {
        #[key]
        pub request: u64,
        #[key]
        pub study: u64,
        #[key]
        pub patient: ContractAddress,
    }

    /// Emitted when `account` collects its rewards.
    #[derive(Drop, starknet::Event)]
    pub struct RewardClaimed {
        #[key]
        pub account: ContractAddress,
        #[key]
        pub token: ContractAddress,
        pub amount: u128,
    }

    /// Emitted when the rewards of `organisation` go to its payout address.
    #[derive(Drop, starknet::Event)]
    pub struct OrganisationRewardClaimed {
        #[key]
        pub organisation: felt252,
        #[key]
        pub token: ContractAddress,
        pub payout: ContractAddress,
        pub amount: u128,
    }

    /// Emitted when governance collects the pool's share.
    #[derive(Drop, starknet::Event)]
    pub struct PoolShareClaimed {
        #[key]
        pub token: ContractAddress,
        #[key]
        pub to: ContractAddress,
        pub amount: u128,
    }

    /// Emitted once for each study, when what is left of it was shared out.
    #[derive(Drop, starknet::Event)]
    pub struct StudyClosed {
        #[key]
        pub study: u64,
        #[key]
        pub funder: ContractAddress,
        /// What the funder was credited: the rest, and without harm the bond and the rebate.
        pub to_funder: u128,
        pub to_pool: u128,
        /// What may be credited from the bond for each upheld dispute.
        pub compensation: u128,
        pub upheld: u32,
    }

    /// Emitted when an access of an open study is disputed.
    #[derive(Drop, starknet::Event)]
    pub struct StudyDisputed {
        #[key]
        pub study: u64,
        #[key]
        pub request: u64,
    }

    /// Emitted when such a dispute has ended.
    #[derive(Drop, starknet::Event)]
    pub struct StudyDisputeEnded {
        #[key]
        pub study: u64,
        #[key]
        pub request: u64,
        pub is_upheld: bool,
    }

    /// Emitted when a harmed patient was credited from the bond.
    #[derive(Drop, starknet::Event)]
    pub struct PatientCompensated {
        #[key]
        pub request: u64,
        #[key]
        pub study: u64,
        #[key]
        pub patient: ContractAddress,
        pub amount: u128,
    }

    /// Emitted when money stops going into new settlements.
    #[derive(Drop, starknet::Event)]
    pub struct Paused {
        #[key]
        pub by: ContractAddress,
    }

    /// Emitted when everything goes on.
    #[derive(Drop, starknet::Event)]
    pub struct Unpaused {
        #[key]
        pub by: ContractAddress,
    }

    pub mod Errors {
        pub const NOT_OFFICE: felt252 = 'Pool: not the office';
        pub const ZERO_PRICE: felt252 = 'Pool: zero price';
        pub const ZERO_CAP: felt252 = 'Pool: zero cap';
        pub const ZERO_AMOUNT: felt252 = 'Pool: zero amount';
        pub const ZERO_ADDRESS: felt252 = 'Pool: zero address';
        pub const ZERO_DIGEST: felt252 = 'Pool: zero digest';
        pub const SHARES_OVER_WHOLE: felt252 = 'Pool: shares over whole';
        pub const UNKNOWN_PURPOSE: felt252 = 'Pool: unknown purpose';
        pub const DEADLINE_PASSED: felt252 = 'Pool: deadline passed';
        pub const DEADLINE_TOO_FAR: felt252 = 'Pool: deadline too far';
        pub const DEADLINE_AHEAD: felt252 = 'Pool: deadline ahead';
        pub const BAD_ANSWERING_TIME: felt252 = 'Pool: bad answering time';
        pub const AMOUNT_TOO_LARGE: felt252 = 'Pool: amount too large';
        pub const UNKNOWN_STUDY: felt252 = 'Pool: unknown study';
        pub const NOT_FUNDER: felt252 = 'Pool: not the funder';
        pub const NOT_HOSPITAL: felt252 = 'Pool: not a hospital';
        pub const ALREADY_REQUESTED: felt252 = 'Pool: already requested';
        pub const NOT_ENOUGH_FUNDS: felt252 = 'Pool: not enough funds';
        pub const CAP_REACHED: felt252 = 'Pool: cap reached';
        pub const UNKNOWN_REQUEST: felt252 = 'Pool: unknown request';
        pub const OTHER_REQUEST: felt252 = 'Pool: other request';
        pub const REQUEST_NOT_OPEN: felt252 = 'Pool: request not open';
        pub const REQUEST_EXPIRED: felt252 = 'Pool: request expired';
        pub const REQUEST_NOT_EXPIRED: felt252 = 'Pool: request not expired';
        pub const NOT_ASKED_HOSPITAL: felt252 = 'Pool: not the asked hospital';
        pub const CONSENT_NOT_GRANTED: felt252 = 'Pool: consent not granted';
        pub const CONSENT_REVOKED: felt252 = 'Pool: consent revoked';
        pub const CONSENT_REPLACED: felt252 = 'Pool: consent replaced';
        pub const CONSENT_NOT_YET_VALID: felt252 = 'Pool: consent not yet valid';
        pub const CONSENT_EXPIRED: felt252 = 'Pool: consent expired';
        pub const OTHER_GRANTEE: felt252 = 'Pool: other grantee';
        pub const OTHER_PURPOSE: felt252 = 'Pool: other purpose';
        pub const NOTHING_OWED: felt252 = 'Pool: nothing owed';
        pub const NOTHING_LEFT: felt252 = 'Pool: nothing left';
        pub const NOT_OPERATOR: felt252 = 'Pool: not an operator';
        pub const NOT_OWNER: felt252 = 'Pool: not the owner';
        pub const BUSY: felt252 = 'Pool: busy';
        pub const PAUSED: felt252 = 'Pool: paused';
        pub const NOT_PAUSED: felt252 = 'Pool: not paused';
        pub const NOT_PAUSER: felt252 = 'Pool: not a pauser';
        pub const NOT_LOG: felt252 = 'Pool: not the log';
        pub const CAP_TOO_LARGE: felt252 = 'Pool: cap too large';
        pub const COHORT_TOO_LARGE: felt252 = 'Pool: cohort too large';
        pub const COHORT_TOO_SMALL: felt252 = 'Pool: cohort too small';
        pub const BOND_NOT_COVERED: felt252 = 'Pool: bond not covered';
        pub const STUDY_CLOSED: felt252 = 'Pool: study closed';
        pub const STUDY_NOT_CLOSED: felt252 = 'Pool: study not closed';
        pub const TOO_EARLY: felt252 = 'Pool: too early to close';
        pub const REQUESTS_OPEN: felt252 = 'Pool: requests open';
        pub const DISPUTES_OPEN: felt252 = 'Pool: disputes open';
        pub const NOT_HARMED: felt252 = 'Pool: not harmed';
        pub const NO_TOKENS: felt252 = 'Pool: no tokens';
        pub const TOO_MANY_TOKENS: felt252 = 'Pool: too many tokens';
    }

    /// What may happen now.
    mod Gate {
        pub const OPEN: u8 = 0;
        /// A token is being called: nothing else may move.
        pub const BUSY: u8 = 1;
        /// Nothing new; what was earned can be claimed.
        pub const PAUSED: u8 = 2;
    }

    /// 100 percent.
    const BPS: u128 = 10_000;
    const MIN_ANSWER_S: u64 = 60;
    const MAX_ANSWER_S: u64 = 7_776_000;
    /// Patients have 30 days after the last possible answer to dispute an access.
    const DISPUTE_S: u64 = 2_592_000;
    /// Half of the pool's share goes back for a study without an upheld dispute.
    const REBATE_BPS: u128 = 5_000;
    const MAX_TOKENS: u32 = 50;
    /// What the slot of an offer has room for.
    const MAX_PEOPLE: u32 = 1_048_575;
    /// Five years: a deadline given in another unit must not lock a deposit for good.
    const MAX_STUDY_S: u64 = 157_680_000;
    /// Times the basis points it still fits 128 bits.
    const MAX_AMOUNT: u128 = 0xffffffffffffffffffffffffffff;

    #[constructor]
    fn constructor(ref self: ContractState, participants: ContractAddress, registry: ContractAddress, log: ContractAddress) {
        let given = Zero::is_non_zero(@participants) && Zero::is_non_zero(@registry) && Zero::is_non_zero(@log);
        assert(given, Errors::ZERO_ADDRESS);
        self.participants.write(participants);
        self.registry.write(registry);
        self.log.write(log);
    }

    impl GovernedImpl of crate::upgradeable::Governed<ContractState> {
        fn governor(self: @ContractState) -> ContractAddress {
            self.register().owner()
        }
    }

    #[abi(embed_v0)]
    impl Src5Impl of ISrc5<ContractState> {
        fn supports_interface(self: @ContractState, interface_id: felt252) -> bool {
            interface_id == interface_ids::REWARD_POOL || interface_id == interface_ids::UPGRADEABLE || interface_id == interface_ids::SRC5
        }
    }

    #[abi(embed_v0)]
    impl RewardPoolImpl of IRewardPool<ContractState> {
        fn study_count(self: @ContractState) -> u64 {
            self.study_count.read()
        }

        fn request_count(self: @ContractState) -> u64 {
            self.request_count.read()
        }

        fn study(self: @ContractState, id: u64) -> Study {
            let slots = self.studies.entry(id);
            let account = slots.account.read();
            Study {
                terms: self.terms(id),
                funder: slots.funder.read(),
                state: account.state,
                available: account.available,
                open_requests: account.open_requests,
                settled: account.settled,
                cohort: account.cohort,
                open_disputes: account.open_disputes,
                upheld: account.upheld,
            }
        }

        fn request_of(self: @ContractState, id: u64) -> Request {
            let slots = self.requests.entry(id);
            let Ticket { study, state, harm, expires_at_s } = slots.ticket.read();
            Request {
                study,
                state,
                harm,
                requester: slots.requester.read(),
                patient: slots.patient.read(),
                hospital: slots.hospital.read(),
                expires_at_s,
                digest: slots.digest.read(),
            }
        }

        fn request_by_digest(self: @ContractState, requester: ContractAddress, digest: felt252) -> u64 {
            self.request_ids.read((requester, digest))
        }

        fn owed(self: @ContractState, token: ContractAddress, account: ContractAddress) -> u128 {
            self.owed.read((token, account))
        }

        fn owed_to_organisation(self: @ContractState, token: ContractAddress, organisation: felt252) -> u128 {
            self.owed_to_organisation.read((token, organisation))
        }

        fn owed_to_pool(self: @ContractState, token: ContractAddress) -> u128 {
            self.owed_to_pool.read(token)
        }

        fn liabilities(self: @ContractState, token: ContractAddress) -> u128 {
            self.liabilities.read(token)
        }

        fn used_by_patient(self: @ContractState, study: u64, patient: ContractAddress) -> u32 {
            self.used_by_patient.read((study, patient))
        }

        fn is_paused(self: @ContractState) -> bool {
            self.gate.read() == Gate::PAUSED
        }

        fn closes_at_s(self: @ContractState, study: u64) -> u64 {
            let Offer { deadline_s, answer_within_s, .. } = self.studies.entry(study).offer.read();
            if deadline_s == 0 {
                0
            } else {
                deadline_s + answer_within_s + DISPUTE_S
            }
        }

        fn compensation(self: @ContractState, study: u64) -> u128 {
            self.studies.entry(study).compensation.read()
        }

        fn open_study(ref self: ContractState, terms: StudyTerms, deposit: u128) -> u64 {
            self.assert_open();
            let funder = get_caller_address();
            assert(terms.organisation != 0, Errors::NOT_OFFICE);
            assert(self.register().acting_organisation(funder, Role::RESEARCH) == terms.organisation, Errors::NOT_OFFICE);
            assert_terms(terms);
            let study = self.study_count.read() + 1;
            self.study_count.write(study);
            let slots = self.studies.entry(study);
            slots.offer.write(offer_of(terms));
            slots.organisation.write(terms.organisation);
            slots.token.write(terms.token);
            slots.funder.write(funder);
            slots.bond.write(terms.bond);
            slots.details.write(terms.details);
            self.emit(StudyOpened { study, organisation: terms.organisation, token: terms.token, funder, terms });
            self.take_deposit(study, funder, terms.token, deposit, terms.bond);
            study
        }

        fn fund(ref self: ContractState, study: u64, amount: u128) {
            self.assert_open();
            let slots = self.studies.entry(study);
            self.assert_state(study, StudyState::OPEN);
            let from = get_caller_address();
            assert(from == slots.funder.read(), Errors::NOT_FUNDER);
            assert(get_block_timestamp() < slots.offer.read().deadline_s, Errors::DEADLINE_PASSED);
            self.take_deposit(study, from, slots.token.read(), amount, 0);
        }

        fn request(ref self: ContractState, study: u64, patient: ContractAddress, hospital: felt252, digest: felt252) -> u64 {
            self.assert_open();
            let slots = self.studies.entry(study);
            let account = self.assert_state(study, StudyState::OPEN);
            let offer = slots.offer.read();
            let requester = get_caller_address();
            let register = self.register();
            assert(register.acting_organisation(requester, Role::RESEARCH) == slots.organisation.read(), Errors::NOT_OFFICE);
            let now_s = get_block_timestamp();
            assert(now_s < offer.deadline_s, Errors::DEADLINE_PASSED);
            assert(register.is_active(hospital, Role::HOSPITAL), Errors::NOT_HOSPITAL);
            assert(Zero::is_non_zero(@patient), Errors::ZERO_ADDRESS);
            assert(digest != 0, Errors::ZERO_DIGEST);
            assert(self.request_ids.read((requester, digest)) == 0, Errors::ALREADY_REQUESTED);
            assert(account.available >= offer.price, Errors::NOT_ENOUGH_FUNDS);
            let used = self.used_by_patient.read((study, patient));
            assert(used < offer.cap_per_patient, Errors::CAP_REACHED);

            let request = self.request_count.read() + 1;
            let expires_at_s = now_s + offer.answer_within_s;
            self.request_count.write(request);
            self.request_ids.write((requester, digest), request);
            let asked = self.requests.entry(request);
            asked.ticket.write(Ticket { study, state: RequestState::OPEN, harm: Harm::NONE, expires_at_s });
            asked.requester.write(requester);
            asked.patient.write(patient);
            asked.hospital.write(hospital);
            asked.digest.write(digest);
            self.used_by_patient.write((study, patient), used + 1);
            let newcomer = if used == 0 {
                1
            } else {
                0
            };
            slots
                .account
                .write(
                    Account {
                        available: account.available - offer.price,
                        open_requests: account.open_requests + 1,
                        cohort: account.cohort + newcomer,
                        ..account,
                    },
                );
            self.emit(RequestOpened { request, hospital, patient, study, requester, digest, price: offer.price, expires_at_s });
            request
        }

        fn settle(ref self: ContractState, request: u64, digest: felt252, opening: ConsentOpening, entry: felt252) {
            self.assert_open();
            let (ticket, hospital) = self.answerable(request, digest);
            let asked = self.requests.entry(request);
            let patient = asked.patient.read();
            let study = ticket.study;
            let slots = self.studies.entry(study);
            let organisation = slots.organisation.read();
            let requester = asked.requester.read();
            assert(self.register().acting_organisation(requester, Role::RESEARCH) == organisation, Errors::NOT_OFFICE);
            let offer = slots.offer.read();
            let account = slots.account.read();
            assert(account.cohort >= offer.min_cohort, Errors::COHORT_TOO_SMALL);
            let registry = IConsentRegistryDispatcher { contract_address: self.registry.read() };
            assert_permit(registry.decide(patient, opening, organisation, offer.purpose));

            asked.ticket.write(Ticket { state: RequestState::SETTLED, ..ticket });
            slots.account.write(Account { open_requests: account.open_requests - 1, settled: account.settled + 1, ..account });
            let token = slots.token.read();
            let hospital_share = offer.price * offer.hospital_bps.into() / BPS;
            let pool_share = pool_share_of(offer);
            let patient_share = offer.price - hospital_share - pool_share;
            self.credit(token, patient, patient_share);
            if hospital_share != 0 {
                let to_hospital = self.owed_to_organisation.read((token, hospital));
                self.owed_to_organisation.write((token, hospital), to_hospital + hospital_share);
            }
            self.log().append_for(hospital, patient, EntryKind::ACCESS, request, entry);
            self.emit(RequestSettled { request, study, patient, hospital, entry, patient_share, hospital_share, pool_share });
        }

        fn refuse(ref self: ContractState, request: u64, digest: felt252, entry: felt252) {
            self.assert_not_busy();
            let (ticket, hospital) = self.answerable(request, digest);
            let patient = self.give_back(request, ticket, RequestState::REFUSED);
            self.log().append_for(hospital, patient, EntryKind::REFUSAL, request, entry);
            self.emit(RequestRefused { request, study: ticket.study, patient, hospital, entry });
        }

        fn expire(ref self: ContractState, request: u64) {
            self.assert_not_busy();
            let ticket = self.open_ticket(request);
            assert(get_block_timestamp() >= ticket.expires_at_s, Errors::REQUEST_NOT_EXPIRED);
            let patient = self.give_back(request, ticket, RequestState::EXPIRED);
            self.emit(RequestExpired { request, study: ticket.study, patient });
        }

        fn claim(ref self: ContractState, token: ContractAddress) -> u128 {
            self.assert_not_busy();
            let amount = self.pay_out(token, get_caller_address());
            assert(amount != 0, Errors::NOTHING_OWED);
            amount
        }

        fn claim_many(ref self: ContractState, mut tokens: Span<ContractAddress>) {
            self.assert_not_busy();
            assert(!tokens.is_empty(), Errors::NO_TOKENS);
            assert(tokens.len() <= MAX_TOKENS, Errors::TOO_MANY_TOKENS);
            let account = get_caller_address();
            let mut is_paid = false;
            while let Option::Some(token) = tokens.pop_front() {
                is_paid = self.pay_out(*token, account) != 0 || is_paid;
            };
            assert(is_paid, Errors::NOTHING_OWED);
        }

        fn claim_for_organisation(ref self: ContractState, token: ContractAddress) -> u128 {
            self.assert_not_busy();
            let register = self.register();
            let organisation = register.organisation_of(get_caller_address());
            assert(organisation != 0, Errors::NOT_OPERATOR);
            let amount = self.owed_to_organisation.read((token, organisation));
            assert(amount != 0, Errors::NOTHING_OWED);
            let payout = register.organisation(organisation).payout;
            self.owed_to_organisation.write((token, organisation), 0);
            self.emit(OrganisationRewardClaimed { organisation, token, payout, amount });
            self.pay(token, payout, amount);
            amount
        }

        fn claim_pool_share(ref self: ContractState, token: ContractAddress, to: ContractAddress) -> u128 {
            self.assert_not_busy();
            assert(get_caller_address() == self.register().owner(), Errors::NOT_OWNER);
            assert(Zero::is_non_zero(@to), Errors::ZERO_ADDRESS);
            let amount = self.owed_to_pool.read(token);
            assert(amount != 0, Errors::NOTHING_OWED);
            self.owed_to_pool.write(token, 0);
            self.emit(PoolShareClaimed { token, to, amount });
            self.pay(token, to, amount);
            amount
        }

        fn refund(ref self: ContractState, study: u64) -> u128 {
            self.assert_not_busy();
            let slots = self.studies.entry(study);
            let account = self.assert_state(study, StudyState::OPEN);
            let funder = slots.funder.read();
            assert(get_caller_address() == funder, Errors::NOT_FUNDER);
            assert(get_block_timestamp() >= slots.offer.read().deadline_s, Errors::DEADLINE_AHEAD);
            let amount = account.available;
            assert(amount != 0, Errors::NOTHING_LEFT);
            slots.account.write(Account { available: 0, ..account });
            self.emit(StudyRefunded { study, funder, amount });
            self.pay(slots.token.read(), funder, amount);
            amount
        }

        fn close(ref self: ContractState, study: u64) {
            self.assert_not_busy();
            let account = self.assert_state(study, StudyState::OPEN);
            assert(get_block_timestamp() >= self.closes_at_s(study), Errors::TOO_EARLY);
            assert(account.open_requests == 0, Errors::REQUESTS_OPEN);
            assert(account.open_disputes == 0, Errors::DISPUTES_OPEN);
            let slots = self.studies.entry(study);
            let (token, funder, bond) = (slots.token.read(), slots.funder.read(), slots.bond.read());
            // What was settled came from deposits that are all still held, so this stays below the largest amount.
            let pool_share = account.settled.into() * pool_share_of(slots.offer.read());
            let (to_funder, to_pool, compensation) = if account.upheld == 0 {
                let rebate = pool_share * REBATE_BPS / BPS;
                (account.available + bond + rebate, pool_share - rebate, 0)
            } else {
                let each = bond / account.upheld.into();
                (account.available, pool_share + bond - each * account.upheld.into(), each)
            };
            slots.account.write(Account { state: StudyState::CLOSED, available: 0, ..account });
            if compensation != 0 {
                slots.compensation.write(compensation);
            }
            self.credit(token, funder, to_funder);
            if to_pool != 0 {
                self.owed_to_pool.write(token, self.owed_to_pool.read(token) + to_pool);
            }
            self.emit(StudyClosed { study, funder, to_funder, to_pool, compensation, upheld: account.upheld });
        }

        fn compensate(ref self: ContractState, request: u64) {
            self.assert_not_busy();
            let asked = self.requests.entry(request);
            let ticket = asked.ticket.read();
            assert(ticket.state != RequestState::UNKNOWN, Errors::UNKNOWN_REQUEST);
            assert(ticket.harm == Harm::UPHELD, Errors::NOT_HARMED);
            let slots = self.studies.entry(ticket.study);
            assert(slots.account.read().state == StudyState::CLOSED, Errors::STUDY_NOT_CLOSED);
            asked.ticket.write(Ticket { harm: Harm::COMPENSATED, ..ticket });
            let (patient, amount) = (asked.patient.read(), slots.compensation.read());
            self.credit(slots.token.read(), patient, amount);
            self.emit(PatientCompensated { request, study: ticket.study, patient, amount });
        }

        fn dispute_opened(ref self: ContractState, request: u64) {
            assert(get_caller_address() == self.log.read(), Errors::NOT_LOG);
            let slots = self.requests.entry(request);
            let ticket = slots.ticket.read();
            let account = self.studies.entry(ticket.study).account.read();
            let is_late = get_block_timestamp() >= self.closes_at_s(ticket.study);
            if ticket.state != RequestState::SETTLED || account.state != StudyState::OPEN || is_late {
                return;
            }
            slots.ticket.write(Ticket { harm: Harm::DISPUTED, ..ticket });
            self.studies.entry(ticket.study).account.write(Account { open_disputes: account.open_disputes + 1, ..account });
            self.emit(StudyDisputed { study: ticket.study, request });
        }

        fn dispute_resolved(ref self: ContractState, request: u64, is_upheld: bool) {
            assert(get_caller_address() == self.log.read(), Errors::NOT_LOG);
            let slots = self.requests.entry(request);
            let ticket = slots.ticket.read();
            if ticket.harm != Harm::DISPUTED {
                return;
            }
            let (harm, upheld) = if is_upheld {
                (Harm::UPHELD, 1)
            } else {
                (Harm::REJECTED, 0)
            };
            slots.ticket.write(Ticket { harm, ..ticket });
            let account = self.studies.entry(ticket.study).account.read();
            let changed = Account { open_disputes: account.open_disputes - 1, upheld: account.upheld + upheld, ..account };
            self.studies.entry(ticket.study).account.write(changed);
            self.emit(StudyDisputeEnded { study: ticket.study, request, is_upheld });
        }

        fn pause(ref self: ContractState) {
            self.assert_open();
            let by = get_caller_address();
            assert(self.register().has_power(by, Power::PAUSE), Errors::NOT_PAUSER);
            self.gate.write(Gate::PAUSED);
            self.emit(Paused { by });
        }

        fn unpause(ref self: ContractState) {
            let by = get_caller_address();
            assert(by == self.register().owner(), Errors::NOT_OWNER);
            assert(self.is_paused(), Errors::NOT_PAUSED);
            self.gate.write(Gate::OPEN);
            self.emit(Unpaused { by });
        }
    }

    #[generate_trait]
    impl InternalImpl of InternalTrait {
        fn register(self: @ContractState) -> IParticipantsDispatcher {
            IParticipantsDispatcher { contract_address: self.participants.read() }
        }

        fn log(self: @ContractState) -> IAccessLogDispatcher {
            IAccessLogDispatcher { contract_address: self.log.read() }
        }

        fn assert_open(self: @ContractState) {
            let gate = self.gate.read();
            assert(gate != Gate::BUSY, Errors::BUSY);
            assert(gate != Gate::PAUSED, Errors::PAUSED);
        }

        fn assert_not_busy(self: @ContractState) {
            assert(self.gate.read() != Gate::BUSY, Errors::BUSY);
        }

        /// The study's account, when the study is in this state.
        fn assert_state(self: @ContractState, study: u64, state: u8) -> Account {
            let account = self.studies.entry(study).account.read();
            assert(account.state != StudyState::UNKNOWN, Errors::UNKNOWN_STUDY);
            assert(account.state == state, Errors::STUDY_CLOSED);
            account
        }

        fn terms(self: @ContractState, study: u64) -> StudyTerms {
            let slots = self.studies.entry(study);
            let offer = slots.offer.read();
            StudyTerms {
                organisation: slots.organisation.read(),
                purpose: offer.purpose,
                token: slots.token.read(),
                price: offer.price,
                hospital_bps: offer.hospital_bps,
                pool_bps: offer.pool_bps,
                cap_per_patient: offer.cap_per_patient,
                min_cohort: offer.min_cohort,
                bond: slots.bond.read(),
                deadline_s: offer.deadline_s,
                answer_within_s: offer.answer_within_s,
                details: slots.details.read(),
            }
        }

        fn open_ticket(self: @ContractState, request: u64) -> Ticket {
            let ticket = self.requests.entry(request).ticket.read();
            assert(ticket.state != RequestState::UNKNOWN, Errors::UNKNOWN_REQUEST);
            assert(ticket.state == RequestState::OPEN, Errors::REQUEST_NOT_OPEN);
            ticket
        }

        /// The request and its hospital, when the caller may answer it now.
        fn answerable(self: @ContractState, request: u64, digest: felt252) -> (Ticket, felt252) {
            let ticket = self.open_ticket(request);
            let asked = self.requests.entry(request);
            assert(digest == asked.digest.read(), Errors::OTHER_REQUEST);
            let hospital = asked.hospital.read();
            let acting = self.register().acting_organisation(get_caller_address(), Role::HOSPITAL);
            assert(acting == hospital, Errors::NOT_ASKED_HOSPITAL);
            assert(get_block_timestamp() < ticket.expires_at_s, Errors::REQUEST_EXPIRED);
            (ticket, hospital)
        }

        /// Puts the price of a request that ended without data back to its study; returns whom it was about.
        fn give_back(ref self: ContractState, request: u64, ticket: Ticket, state: u8) -> ContractAddress {
            let asked = self.requests.entry(request);
            let patient = asked.patient.read();
            asked.ticket.write(Ticket { state, ..ticket });
            let used = self.used_by_patient.read((ticket.study, patient)) - 1;
            self.used_by_patient.write((ticket.study, patient), used);
            let leaver = if used == 0 {
                1
            } else {
                0
            };
            let slots = self.studies.entry(ticket.study);
            let account = slots.account.read();
            let changed = Account {
                available: account.available + slots.offer.read().price,
                open_requests: account.open_requests - 1,
                cohort: account.cohort - leaver,
                ..account,
            };
            slots.account.write(changed);
            patient
        }

        fn credit(ref self: ContractState, token: ContractAddress, account: ContractAddress, amount: u128) {
            if amount != 0 {
                self.owed.write((token, account), self.owed.read((token, account)) + amount);
            }
        }

        /// Takes a deposit and a bond in one; what the token kept for itself is missing in the deposit.
        fn take_deposit(ref self: ContractState, study: u64, from: ContractAddress, token: ContractAddress, amount: u128, bond: u128) {
            assert(amount != 0, Errors::ZERO_AMOUNT);
            assert(amount <= MAX_AMOUNT && bond <= MAX_AMOUNT, Errors::AMOUNT_TOO_LARGE);
            self.gate.write(Gate::BUSY);
            let received = tokens::pull(token, from, amount + bond);
            self.gate.write(Gate::OPEN);
            assert(received > bond, Errors::BOND_NOT_COVERED);
            let liabilities = self.liabilities.read(token) + received;
            assert(liabilities <= MAX_AMOUNT, Errors::AMOUNT_TOO_LARGE);
            self.liabilities.write(token, liabilities);
            let slots = self.studies.entry(study);
            let account = slots.account.read();
            let credited = received - bond;
            slots.account.write(Account { state: StudyState::OPEN, available: account.available + credited, ..account });
            self.emit(StudyFunded { study, from, amount: credited });
        }

        /// Pays an account what it is owed in a token; returns the amount, which may be zero.
        fn pay_out(ref self: ContractState, token: ContractAddress, account: ContractAddress) -> u128 {
            let amount = self.owed.read((token, account));
            if amount != 0 {
                self.owed.write((token, account), 0);
                self.emit(RewardClaimed { account, token, amount });
                self.pay(token, account, amount);
            }
            amount
        }

        fn pay(ref self: ContractState, token: ContractAddress, to: ContractAddress, amount: u128) {
            self.liabilities.write(token, self.liabilities.read(token) - amount);
            let gate = self.gate.read();
            self.gate.write(Gate::BUSY);
            tokens::push(token, to, amount);
            self.gate.write(gate);
        }
    }

    fn assert_terms(terms: StudyTerms) {
        assert(Zero::is_non_zero(@terms.token), Errors::ZERO_ADDRESS);
        assert(terms.price != 0, Errors::ZERO_PRICE);
        assert(terms.price <= MAX_AMOUNT, Errors::AMOUNT_TOO_LARGE);
        assert(terms.cap_per_patient != 0, Errors::ZERO_CAP);
        assert(terms.cap_per_patient <= MAX_PEOPLE, Errors::CAP_TOO_LARGE);
        assert(terms.min_cohort <= MAX_PEOPLE, Errors::COHORT_TOO_LARGE);
        let bps: u128 = terms.hospital_bps.into() + terms.pool_bps.into();
        assert(bps <= BPS, Errors::SHARES_OVER_WHOLE);
        assert(purposes::is_known(terms.purpose), Errors::UNKNOWN_PURPOSE);
        let now_s = get_block_timestamp();
        assert(now_s < terms.deadline_s, Errors::DEADLINE_PASSED);
        assert(terms.deadline_s - now_s <= MAX_STUDY_S, Errors::DEADLINE_TOO_FAR);
        assert(terms.answer_within_s >= MIN_ANSWER_S && terms.answer_within_s <= MAX_ANSWER_S, Errors::BAD_ANSWERING_TIME);
    }

    fn offer_of(terms: StudyTerms) -> Offer {
        Offer {
            price: terms.price,
            purpose: terms.purpose,
            hospital_bps: terms.hospital_bps,
            pool_bps: terms.pool_bps,
            cap_per_patient: terms.cap_per_patient,
            min_cohort: terms.min_cohort,
            deadline_s: terms.deadline_s,
            answer_within_s: terms.answer_within_s,
        }
    }

    fn pool_share_of(offer: Offer) -> u128 {
        offer.price * offer.pool_bps.into() / BPS
    }

    /// Fails with the one reason why the consent does not permit.
    fn assert_permit(decision: u8) {
        assert(decision != Decision::NOT_GRANTED, Errors::CONSENT_NOT_GRANTED);
        assert(decision != Decision::REVOKED, Errors::CONSENT_REVOKED);
        assert(decision != Decision::REPLACED, Errors::CONSENT_REPLACED);
        assert(decision != Decision::NOT_YET_VALID, Errors::CONSENT_NOT_YET_VALID);
        assert(decision != Decision::EXPIRED, Errors::CONSENT_EXPIRED);
        assert(decision != Decision::OTHER_GRANTEE, Errors::OTHER_GRANTEE);
        assert(decision != Decision::OTHER_PURPOSE, Errors::OTHER_PURPOSE);
        assert(decision == Decision::PERMIT, Errors::CONSENT_NOT_GRANTED);
    }
}
