//! The message that a patient or guardian signs so that somebody else may bring an order: SNIP-12, revision 1.
use core::poseidon::poseidon_hash_span;
use starknet::ContractAddress;
use crate::interfaces::consent_registry::{ConsentOrder, Replacement};

const DOMAIN_TYPE: felt252 = selector!(
    "\"StarknetDomain\"(\"name\":\"shortstring\",\"version\":\"shortstring\",\"chainId\":\"shortstring\",\"revision\":\"shortstring\")",
);
const REPLACEMENT_TYPE: felt252 = selector!("\"Replacement\"(\"Old\":\"felt\",\"New\":\"felt\")");
const ORDER_TYPE: felt252 = selector!(
    "\"ConsentOrder\"(\"Registry\":\"ContractAddress\",\"Patient\":\"ContractAddress\",\"Revoke\":\"felt*\",\"Replace\":\"Replacement*\",\"Grant\":\"felt*\",\"Nonce\":\"u128\",\"Deadline\":\"timestamp\")\"Replacement\"(\"Old\":\"felt\",\"New\":\"felt\")",
);

/// What `signer` signs: binds the chain, the registry, the patient, every change, the nonce and the deadline.
pub fn order_hash(
    chain_id: felt252,
    registry: ContractAddress,
    patient: ContractAddress,
    signer: ContractAddress,
    order: ConsentOrder,
    nonce: u64,
    deadline_s: u64,
) -> felt252 {
    // Version and revision are the number one, as SNIP-12 encodes the short string '1' of revision 1 domains.
    let domain = poseidon_hash_span(array![DOMAIN_TYPE, 'MedSync', 1, chain_id, 1].span());
    let message = poseidon_hash_span(
        array![
            ORDER_TYPE,
            registry.into(),
            patient.into(),
            poseidon_hash_span(order.revoke),
            replacements_hash(order.replace),
            poseidon_hash_span(order.grant),
            nonce.into(),
            deadline_s.into(),
        ]
            .span(),
    );
    poseidon_hash_span(array!['StarkNet Message', domain, signer.into(), message].span())
}

fn replacements_hash(mut replace: Span<Replacement>) -> felt252 {
    let mut hashes = array![];
    while let Option::Some(each) = replace.pop_front() {
        hashes.append(poseidon_hash_span(array![REPLACEMENT_TYPE, *each.old, *each.new].span()));
    };
    poseidon_hash_span(hashes.span())
}
