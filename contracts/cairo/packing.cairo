//! Several small values in one storage slot: a low half of 128 bits and a high half of 123, so that any content is below the field's prime.

pub mod Errors {
    pub const TOO_LARGE: felt252 = 'Packing: value too large';
}

/// One slot of two halves.
pub fn join(low: u128, high: u128) -> felt252 {
    assert(high < 0x8000000000000000000000000000000, Errors::TOO_LARGE);
    low.into() + high.into() * 0x100000000000000000000000000000000
}

/// The two halves of a slot.
pub fn split(packed: felt252) -> (u128, u128) {
    let value: u256 = packed.into();
    (value.low, value.high)
}

/// Puts `value`, which must be below `end`, under what is in `rest`: the last one put is the first one taken.
pub fn put(ref rest: u128, value: u128, end: u128) {
    assert(value < end, Errors::TOO_LARGE);
    rest = rest * end + value;
}

/// Takes the lowest part, below `end`, off `rest`.
pub fn take(ref rest: u128, end: u128) -> u128 {
    let value = rest % end;
    rest = rest / end;
    value
}
