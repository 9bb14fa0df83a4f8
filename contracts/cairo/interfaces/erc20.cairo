//! The part of ERC-20 that MedSync reads. Transfers go through `tokens`, which trusts balances and not answers.
use starknet::ContractAddress;

#[starknet::interface]
pub trait IErc20<TState> {
    /// What `account` holds, smallest unit.
    fn balance_of(self: @TState, account: ContractAddress) -> u256;
}
