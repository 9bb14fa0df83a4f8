//! The arithmetic of commitments, apart from storage, so that it can be checked against TypeScript call by call.
use core::poseidon::poseidon_hash_span;
use starknet::ContractAddress;
use crate::interfaces::consent_registry::{ConsentOpening, Membership};
use crate::{domains, merkle};

pub mod Errors {
    pub const ZERO_SALT: felt252 = 'Consent: zero salt';
    pub const PATH_TOO_LONG: felt252 = 'Consent: path too long';
    pub const BAD_MEMBERSHIP: felt252 = 'Consent: bad membership';
}

/// The commitment of `opening` for `patient`, bound to one chain and one registry: worth nothing anywhere else.
/// Fails with 'Consent: zero salt' when a salt or the closed part is zero.
pub fn commit(chain_id: felt252, registry: ContractAddress, patient: ContractAddress, opening: ConsentOpening) -> felt252 {
    let salted = opening.grantee_salt != 0 && opening.purposes_salt != 0 && opening.period_salt != 0;
    assert(salted && opening.data != 0, Errors::ZERO_SALT);
    let who = poseidon_hash_span(array![domains::WHO, opening.grantee_salt, opening.grantee].span());
    let purpose = poseidon_hash_span(array![domains::PURPOSE, opening.purposes_salt, opening.purposes.into()].span());
    let period = poseidon_hash_span(
        array![domains::PERIOD, opening.period_salt, opening.not_before_s.into(), opening.expires_at_s.into()].span(),
    );
    poseidon_hash_span(array![domains::CONSENT, chain_id, registry.into(), patient.into(), who, purpose, period, opening.data].span())
}

/// The closed part of a consent: which data.
/// Fails with 'Consent: zero salt' when the salt is zero.
pub fn data_part(categories: u128, provisions: felt252, salt: felt252) -> felt252 {
    assert(salt != 0, Errors::ZERO_SALT);
    poseidon_hash_span(array![domains::DATA, salt, categories.into(), provisions].span())
}

/// Hash of the finer provisions of a consent.
pub fn provisions_part(data_from_s: u64, data_to_s: u64, custodian: felt252, sensitivities: u128) -> felt252 {
    poseidon_hash_span(array![domains::PROVISIONS, data_from_s.into(), data_to_s.into(), custodian, sensitivities.into()].span())
}

/// Siblings of a member of the largest bundle: 65,536 consents.
const MAX_PATH: u32 = 16;

/// What was granted when `commitment` was: the root of its bundle, or itself when the path is empty.
/// A commitment is a hash with a domain and more than two values, so that no node of a tree can be opened as a consent.
/// Fails with 'Consent: path too long' and 'Consent: bad membership' (the index is beyond the path).
pub fn granted_as(commitment: felt252, membership: Membership) -> felt252 {
    assert(membership.path.len() <= MAX_PATH, Errors::PATH_TOO_LONG);
    let (root, beyond) = merkle::climb(commitment, membership.index.into(), membership.path);
    assert(beyond == 0, Errors::BAD_MEMBERSHIP);
    root
}
