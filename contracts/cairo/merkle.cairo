//! Merkle trees in the shape of RFC 6962, section 2.1, with Poseidon inside: hashes only, storage is the caller's.
use core::poseidon::hades_permutation;

/// Hash of two nodes. Leaves are hashed with a domain and more than two values, so that no leaf can pass for a node.
pub fn node(left: felt252, right: felt252) -> felt252 {
    let (hash, _, _) = hades_permutation(left, right, 2);
    hash
}

/// The node that a leaf leads to through its siblings, from the leaf up; `index` tells at each level on which side it stands.
/// Gives the index that is left above the path too: anything but zero means that the index is beyond it.
pub fn climb(leaf: felt252, index: u64, mut path: Span<felt252>) -> (felt252, u64) {
    let mut hash = leaf;
    let mut side = index;
    while let Option::Some(sibling) = path.pop_front() {
        hash = if side % 2 == 0 {
            node(hash, *sibling)
        } else {
            node(*sibling, hash)
        };
        side /= 2;
    };
    (hash, side)
}

/// Height of the perfect tree that leaf `index` (from 0) of a tree with `count` leaves stands under.
/// `index` must be below `count`.
pub fn peak_height(index: u64, count: u64) -> u32 {
    let mut differing = (index ^ count) / 2;
    let mut height = 0;
    while differing != 0 {
        differing /= 2;
        height += 1;
    };
    height
}

/// How many levels a sparse tree has: 40 bits of a hash name a place.
pub const SPARSE_LEVELS: u32 = 40;

/// As `node`, where nothing beside nothing is nothing: most of a sparse tree is empty.
pub fn sparse_node(left: felt252, right: felt252) -> felt252 {
    if left == 0 && right == 0 {
        0
    } else {
        node(left, right)
    }
}

/// Root of the sparse tree in which `leaf` stands at `place`; nothing when the mask and the siblings do not fit each other.
/// `mask` has a bit for each level, from the leaf up, whose sibling is not empty.
pub fn sparse_root(leaf: felt252, place: u64, mask: u64, mut siblings: Span<felt252>) -> Option<felt252> {
    let mut hash = leaf;
    let mut side = place;
    let mut full = mask;
    let mut level = 0;
    let mut fits = true;
    while fits && level != SPARSE_LEVELS {
        let sibling = if full % 2 == 0 {
            0
        } else {
            match siblings.pop_front() {
                Option::Some(given) => *given,
                Option::None => 0,
            }
        };
        fits = full % 2 == 0 || sibling != 0;
        hash = if side % 2 == 0 {
            sparse_node(hash, sibling)
        } else {
            sparse_node(sibling, hash)
        };
        side /= 2;
        full /= 2;
        level += 1;
    };
    if fits && full == 0 && siblings.is_empty() {
        Option::Some(hash)
    } else {
        Option::None
    }
}
