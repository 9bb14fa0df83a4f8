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
    use crate::interfaces::participants::{IParticipantsDispatcher, IParticipantsDispatcherTrait, Role};
    use crate::interfaces::reward_pool::{IRewardPool, Request, RequestState, Study, StudyTerms};
    use crate::{purposes, tokens};

    #[storage]
    struct Storage {
        participants: ContractAddress,
        registry: ContractAddress,
        log: ContractAddress,
        /// True while a token is being called: nothing else may move.
        is_busy: bool,
        study_count: u64,
        studies: Map<u64, Study>,
        request_count: u64,
        requests: Map<u64, Request>,
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
    }

    /// 100 percent.
    const BPS: u128 = 10_000;
    const MIN_ANSWER_S: u64 = 60;
    const MAX_ANSWER_S: u64 = 7_776_000;
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

    #[abi(embed_v0)]
    impl RewardPoolImpl of IRewardPool<ContractState> {
        fn study_count(self: @ContractState) -> u64 {
            self.study_count.read()
        }

        fn request_count(self: @ContractState) -> u64 {
            self.request_count.read()
        }

        fn study(self: @ContractState, id: u64) -> Study {
            self.studies.read(id)
        }

        fn request_of(self: @ContractState, id: u64) -> Request {
            self.requests.read(id)
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

        fn open_study(ref self: ContractState, terms: StudyTerms, deposit: u128) -> u64 {
            self.assert_free();
            let funder = get_caller_address();
            assert(self.register().acting_organisation(funder, Role::RESEARCH) == terms.organisation, Errors::NOT_OFFICE);
            assert(terms.organisation != 0, Errors::NOT_OFFICE);
            assert(Zero::is_non_zero(@terms.token), Errors::ZERO_ADDRESS);
            assert(terms.price != 0, Errors::ZERO_PRICE);
            assert(terms.price <= MAX_AMOUNT, Errors::AMOUNT_TOO_LARGE);
            assert(terms.cap_per_patient != 0, Errors::ZERO_CAP);
            let bps: u128 = terms.hospital_bps.into() + terms.pool_bps.into();
            assert(bps <= BPS, Errors::SHARES_OVER_WHOLE);
            assert(purposes::is_known(terms.purpose), Errors::UNKNOWN_PURPOSE);
            let now_s = get_block_timestamp();
            assert(now_s < terms.deadline_s, Errors::DEADLINE_PASSED);
            assert(terms.deadline_s - now_s <= MAX_STUDY_S, Errors::DEADLINE_TOO_FAR);
            assert(terms.answer_within_s >= MIN_ANSWER_S && terms.answer_within_s <= MAX_ANSWER_S, Errors::BAD_ANSWERING_TIME);
            let study = self.study_count.read() + 1;
            self.study_count.write(study);
            self.studies.write(study, Study { terms, funder, available: 0, reserved: 0 });
            self.emit(StudyOpened { study, organisation: terms.organisation, token: terms.token, funder, terms });
            self.take_deposit(study, funder, terms.token, deposit);
            study
        }

        fn fund(ref self: ContractState, study: u64, amount: u128) {
            self.assert_free();
            let stored = self.studies.read(study);
            let from = get_caller_address();
            assert(Zero::is_non_zero(@stored.funder), Errors::UNKNOWN_STUDY);
            assert(from == stored.funder, Errors::NOT_FUNDER);
            assert(get_block_timestamp() < stored.terms.deadline_s, Errors::DEADLINE_PASSED);
            self.take_deposit(study, from, stored.terms.token, amount);
        }

        fn request(ref self: ContractState, study: u64, patient: ContractAddress, hospital: felt252, digest: felt252) -> u64 {
            self.assert_free();
            let Study { terms, funder, available, reserved } = self.studies.read(study);
            assert(Zero::is_non_zero(@funder), Errors::UNKNOWN_STUDY);
            let requester = get_caller_address();
            let register = self.register();
            assert(register.acting_organisation(requester, Role::RESEARCH) == terms.organisation, Errors::NOT_OFFICE);
            let now_s = get_block_timestamp();
            assert(now_s < terms.deadline_s, Errors::DEADLINE_PASSED);
            assert(register.is_active(hospital, Role::HOSPITAL), Errors::NOT_HOSPITAL);
            assert(Zero::is_non_zero(@patient), Errors::ZERO_ADDRESS);
            assert(digest != 0, Errors::ZERO_DIGEST);
            assert(self.request_ids.read((requester, digest)) == 0, Errors::ALREADY_REQUESTED);
            assert(available >= terms.price, Errors::NOT_ENOUGH_FUNDS);
            let used = self.used_by_patient.read((study, patient));
            assert(used < terms.cap_per_patient, Errors::CAP_REACHED);

            let request = self.request_count.read() + 1;
            let expires_at_s = now_s + terms.answer_within_s;
            self.request_count.write(request);
            self.request_ids.write((requester, digest), request);
            self.requests.write(request, Request { study, state: RequestState::OPEN, requester, patient, hospital, expires_at_s, digest });
            self.used_by_patient.write((study, patient), used + 1);
            self.studies.entry(study).available.write(available - terms.price);
            self.studies.entry(study).reserved.write(reserved + terms.price);
            self.emit(RequestOpened { request, hospital, patient, study, requester, digest, price: terms.price, expires_at_s });
            request
        }

        fn settle(ref self: ContractState, request: u64, digest: felt252, opening: ConsentOpening, entry: felt252) {
            self.assert_free();
            let Request { study, requester, patient, hospital, .. } = self.answerable(request, digest);
            let terms = self.studies.entry(study).terms.read();
            assert(self.register().acting_organisation(requester, Role::RESEARCH) == terms.organisation, Errors::NOT_OFFICE);
            let registry = IConsentRegistryDispatcher { contract_address: self.registry.read() };
            assert_permit(registry.decide(patient, opening, terms.organisation, terms.purpose));

            self.requests.entry(request).state.write(RequestState::SETTLED);
            let reserved = self.studies.entry(study).reserved.read();
            self.studies.entry(study).reserved.write(reserved - terms.price);
            let hospital_share = terms.price * terms.hospital_bps.into() / BPS;
            let pool_share = terms.price * terms.pool_bps.into() / BPS;
            let patient_share = terms.price - hospital_share - pool_share;
            self.owed.write((terms.token, patient), self.owed.read((terms.token, patient)) + patient_share);
            let to_hospital = self.owed_to_organisation.read((terms.token, hospital));
            self.owed_to_organisation.write((terms.token, hospital), to_hospital + hospital_share);
            self.owed_to_pool.write(terms.token, self.owed_to_pool.read(terms.token) + pool_share);
            self.log().append_for(hospital, patient, EntryKind::ACCESS, entry);
            self.emit(RequestSettled { request, study, patient, hospital, entry, patient_share, hospital_share, pool_share });
        }

        fn refuse(ref self: ContractState, request: u64, digest: felt252, entry: felt252) {
            self.assert_free();
            let Request { study, patient, hospital, .. } = self.answerable(request, digest);
            self.give_back(request, study, patient, RequestState::REFUSED);
            self.log().append_for(hospital, patient, EntryKind::REFUSAL, entry);
            self.emit(RequestRefused { request, study, patient, hospital, entry });
        }

        fn expire(ref self: ContractState, request: u64) {
            self.assert_free();
            let Request { study, patient, expires_at_s, .. } = self.open_request(request);
            assert(get_block_timestamp() >= expires_at_s, Errors::REQUEST_NOT_EXPIRED);
            self.give_back(request, study, patient, RequestState::EXPIRED);
            self.emit(RequestExpired { request, study, patient });
        }

        fn claim(ref self: ContractState, token: ContractAddress) -> u128 {
            self.assert_free();
            let account = get_caller_address();
            let amount = self.owed.read((token, account));
            assert(amount != 0, Errors::NOTHING_OWED);
            self.owed.write((token, account), 0);
            self.emit(RewardClaimed { account, token, amount });
            self.pay(token, account, amount);
            amount
        }

        fn claim_for_organisation(ref self: ContractState, token: ContractAddress) -> u128 {
            self.assert_free();
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
            self.assert_free();
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
            self.assert_free();
            let Study { terms, funder, available, .. } = self.studies.read(study);
            assert(Zero::is_non_zero(@funder), Errors::UNKNOWN_STUDY);
            assert(get_caller_address() == funder, Errors::NOT_FUNDER);
            assert(get_block_timestamp() >= terms.deadline_s, Errors::DEADLINE_AHEAD);
            assert(available != 0, Errors::NOTHING_LEFT);
            self.studies.entry(study).available.write(0);
            self.emit(StudyRefunded { study, funder, amount: available });
            self.pay(terms.token, funder, available);
            available
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

        fn assert_free(self: @ContractState) {
            assert(!self.is_busy.read(), Errors::BUSY);
        }

        fn open_request(self: @ContractState, id: u64) -> Request {
            let request = self.requests.read(id);
            assert(request.state != RequestState::UNKNOWN, Errors::UNKNOWN_REQUEST);
            assert(request.state == RequestState::OPEN, Errors::REQUEST_NOT_OPEN);
            request
        }

        /// The request, when the caller's hospital may answer it now.
        fn answerable(self: @ContractState, id: u64, digest: felt252) -> Request {
            let request = self.open_request(id);
            assert(digest == request.digest, Errors::OTHER_REQUEST);
            let hospital = self.register().acting_organisation(get_caller_address(), Role::HOSPITAL);
            assert(hospital == request.hospital, Errors::NOT_ASKED_HOSPITAL);
            assert(get_block_timestamp() < request.expires_at_s, Errors::REQUEST_EXPIRED);
            request
        }

        /// Puts the price of a request that ended without data back to its study.
        fn give_back(ref self: ContractState, request: u64, study: u64, patient: ContractAddress, state: u8) {
            self.requests.entry(request).state.write(state);
            self.used_by_patient.write((study, patient), self.used_by_patient.read((study, patient)) - 1);
            let price = self.studies.entry(study).terms.price.read();
            let Study { available, reserved, .. } = self.studies.read(study);
            self.studies.entry(study).available.write(available + price);
            self.studies.entry(study).reserved.write(reserved - price);
        }

        fn take_deposit(ref self: ContractState, study: u64, from: ContractAddress, token: ContractAddress, amount: u128) {
            assert(amount != 0, Errors::ZERO_AMOUNT);
            assert(amount <= MAX_AMOUNT, Errors::AMOUNT_TOO_LARGE);
            self.is_busy.write(true);
            let received = tokens::pull(token, from, amount);
            self.is_busy.write(false);
            let liabilities = self.liabilities.read(token) + received;
            assert(liabilities <= MAX_AMOUNT, Errors::AMOUNT_TOO_LARGE);
            self.liabilities.write(token, liabilities);
            self.studies.entry(study).available.write(self.studies.entry(study).available.read() + received);
            self.emit(StudyFunded { study, from, amount: received });
        }

        fn pay(ref self: ContractState, token: ContractAddress, to: ContractAddress, amount: u128) {
            self.liabilities.write(token, self.liabilities.read(token) - amount);
            self.is_busy.write(true);
            tokens::push(token, to, amount);
            self.is_busy.write(false);
        }
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
