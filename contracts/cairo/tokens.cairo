//! Moving ERC-20 tokens that may lie: balances decide what happened, answers do not.
use starknet::syscalls::call_contract_syscall;
use starknet::{ContractAddress, get_contract_address};
use crate::interfaces::erc20::{IErc20Dispatcher, IErc20DispatcherTrait};

pub mod Errors {
    pub const NOTHING_RECEIVED: felt252 = 'Pool: nothing received';
    pub const MISBEHAVED: felt252 = 'Pool: token misbehaved';
    pub const CALL_FAILED: felt252 = 'Pool: token call failed';
}

/// Takes up to `amount` from `from`, who approved it; returns what really arrived, at most `amount`.
/// Fails with 'Pool: nothing received', 'Pool: token misbehaved' (the balance shrank) or 'Pool: token call failed'.
pub fn pull(token: ContractAddress, from: ContractAddress, amount: u128) -> u128 {
    let before = held(token);
    let calldata = array![from.into(), get_contract_address().into(), amount.into(), 0];
    assert(call_contract_syscall(token, selector!("transfer_from"), calldata.span()).is_ok(), Errors::CALL_FAILED);
    let after = held(token);
    assert(after >= before, Errors::MISBEHAVED);
    let arrived = after - before;
    assert(arrived != 0, Errors::NOTHING_RECEIVED);
    if arrived >= amount.into() {
        amount
    } else {
        arrived.try_into().unwrap()
    }
}

/// Pays `amount` to `to`.
/// Fails with 'Pool: token misbehaved' unless exactly `amount` left, and with 'Pool: token call failed'.
pub fn push(token: ContractAddress, to: ContractAddress, amount: u128) {
    let before = held(token);
    let calldata = array![to.into(), amount.into(), 0];
    assert(call_contract_syscall(token, selector!("transfer"), calldata.span()).is_ok(), Errors::CALL_FAILED);
    let after = held(token);
    assert(before >= after && before - after == amount.into(), Errors::MISBEHAVED);
}

fn held(token: ContractAddress) -> u256 {
    IErc20Dispatcher { contract_address: token }.balance_of(get_contract_address())
}
