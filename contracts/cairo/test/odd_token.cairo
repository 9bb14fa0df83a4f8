//! An ERC-20 that misbehaves as told: for tests only. Anybody may mint and set its manner.
use starknet::ContractAddress;
use crate::test::puppet::Answer;

/// How the token behaves.
pub mod Manner {
    pub const PLAIN: u8 = 0;
    /// Keeps one percent of what is sent for itself.
    pub const TAKES_FEE: u8 = 1;
    /// Moves nothing and answers false.
    pub const RETURNS_FALSE: u8 = 2;
    /// Moves, and answers nothing at all.
    pub const RETURNS_NOTHING: u8 = 3;
    pub const REVERTS_ON_ZERO: u8 = 4;
    /// Fails at every transfer.
    pub const PAUSED: u8 = 5;
    /// Fails when the blocked account sends or receives.
    pub const BLOCKS: u8 = 6;
    /// Moves half of what is asked, and answers true.
    pub const MOVES_LESS: u8 = 7;
    /// Takes twice what is asked from the sender.
    pub const TAKES_MORE: u8 = 8;
    /// Makes the call it was told to before it moves, and goes on whatever the outcome.
    pub const REENTERS: u8 = 9;
    /// As before, but fails when that call fails.
    pub const REENTERS_OR_FAILS: u8 = 10;
    /// Says every account holds everything there could be.
    pub const CLAIMS_RICHES: u8 = 11;
    /// Fails when asked for a balance.
    pub const HIDES_BALANCES: u8 = 12;
    /// Answers true and moves nothing.
    pub const MOVES_NOTHING: u8 = 13;
}

#[starknet::interface]
pub trait IOddToken<TState> {
    fn balance_of(self: @TState, account: ContractAddress) -> u256;
    fn decimals(self: @TState) -> u8;
    fn set_manner(ref self: TState, manner: u8);
    fn block(ref self: TState, account: ContractAddress);
    fn set_reaction(ref self: TState, to: ContractAddress, selector: felt252, calldata: Span<felt252>);
    /// What the last reaction did: zero nothing yet, one went through, else the first felt it failed with.
    fn reaction_outcome(self: @TState) -> felt252;
    fn mint(ref self: TState, to: ContractAddress, amount: u256);
    /// Changes a balance with no transfer, as rebasing tokens do.
    fn rebase(ref self: TState, account: ContractAddress, balance: u256);
    fn approve(ref self: TState, spender: ContractAddress, amount: u256) -> bool;
    fn transfer(ref self: TState, to: ContractAddress, amount: u256) -> Answer;
    fn transfer_from(ref self: TState, from: ContractAddress, to: ContractAddress, amount: u256) -> Answer;
}

#[starknet::contract]
pub mod OddToken {
    use core::num::traits::Zero;
    use starknet::storage::{
        Map, StorageMapReadAccess, StorageMapWriteAccess, StoragePointerReadAccess, StoragePointerWriteAccess,
    };
    use starknet::syscalls::call_contract_syscall;
    use starknet::{ContractAddress, get_caller_address};
    use crate::test::puppet::{Answer, KeptCall};
    use super::Manner;

    #[storage]
    struct Storage {
        manner: u8,
        blocked: ContractAddress,
        reaction: KeptCall,
        outcome: felt252,
        balances: Map<ContractAddress, u256>,
        allowances: Map<(ContractAddress, ContractAddress), u256>,
    }

    #[abi(embed_v0)]
    impl OddTokenImpl of super::IOddToken<ContractState> {
        fn balance_of(self: @ContractState, account: ContractAddress) -> u256 {
            let manner = self.manner.read();
            assert(manner != Manner::HIDES_BALANCES, 'Token: no balances today');
            if manner == Manner::CLAIMS_RICHES {
                return u256 { low: 0xffffffffffffffffffffffffffffffff, high: 0xffffffffffffffffffffffffffffffff };
            }
            self.balances.read(account)
        }

        /// More than any screen can show.
        fn decimals(self: @ContractState) -> u8 {
            255
        }

        fn set_manner(ref self: ContractState, manner: u8) {
            self.manner.write(manner);
        }

        fn block(ref self: ContractState, account: ContractAddress) {
            self.blocked.write(account);
        }

        fn set_reaction(ref self: ContractState, to: ContractAddress, selector: felt252, calldata: Span<felt252>) {
            self.reaction.to.write(to);
            self.reaction.selector.write(selector);
            self.reaction.length.write(calldata.len());
            let mut index = 0;
            while index != calldata.len() {
                self.reaction.calldata.write(index, *calldata.at(index));
                index += 1;
            };
        }

        fn reaction_outcome(self: @ContractState) -> felt252 {
            self.outcome.read()
        }

        fn mint(ref self: ContractState, to: ContractAddress, amount: u256) {
            self.balances.write(to, self.balances.read(to) + amount);
        }

        fn rebase(ref self: ContractState, account: ContractAddress, balance: u256) {
            self.balances.write(account, balance);
        }

        fn approve(ref self: ContractState, spender: ContractAddress, amount: u256) -> bool {
            self.allowances.write((get_caller_address(), spender), amount);
            true
        }

        fn transfer(ref self: ContractState, to: ContractAddress, amount: u256) -> Answer {
            self.move(get_caller_address(), to, amount)
        }

        fn transfer_from(ref self: ContractState, from: ContractAddress, to: ContractAddress, amount: u256) -> Answer {
            let spender = get_caller_address();
            let allowance = self.allowances.read((from, spender));
            assert(allowance >= amount, 'Token: allowance too small');
            self.allowances.write((from, spender), allowance - amount);
            self.move(from, to, amount)
        }
    }

    #[generate_trait]
    impl InternalImpl of InternalTrait {
        fn move(ref self: ContractState, from: ContractAddress, to: ContractAddress, amount: u256) -> Answer {
            let manner = self.manner.read();
            assert(manner != Manner::PAUSED, 'Token: paused');
            assert(manner != Manner::REVERTS_ON_ZERO || amount != 0, 'Token: zero amount');
            let blocked = self.blocked.read();
            assert(manner != Manner::BLOCKS || (from != blocked && to != blocked), 'Token: blocked');
            if manner == Manner::REENTERS || manner == Manner::REENTERS_OR_FAILS {
                self.react();
                assert(manner == Manner::REENTERS || self.outcome.read() == 1, 'Token: reaction failed');
            }
            let (taken, given) = if manner == Manner::TAKES_FEE {
                (amount, amount - amount / 100)
            } else if manner == Manner::RETURNS_FALSE || manner == Manner::MOVES_NOTHING {
                (0, 0)
            } else if manner == Manner::MOVES_LESS {
                (amount / 2, amount / 2)
            } else if manner == Manner::TAKES_MORE {
                (amount * 2, amount)
            } else {
                (amount, amount)
            };
            let balance = self.balances.read(from);
            assert(balance >= taken, 'Token: balance too small');
            self.balances.write(from, balance - taken);
            self.balances.write(to, self.balances.read(to) + given);
            let values = if manner == Manner::RETURNS_NOTHING {
                array![]
            } else if manner == Manner::RETURNS_FALSE {
                array![0]
            } else {
                array![1]
            };
            Answer { values: values.span() }
        }

        fn react(ref self: ContractState) {
            let to = self.reaction.to.read();
            if Zero::is_zero(@to) {
                return;
            }
            let mut calldata = array![];
            let mut index = 0;
            while index != self.reaction.length.read() {
                calldata.append(self.reaction.calldata.read(index));
                index += 1;
            };
            let outcome = match call_contract_syscall(to, self.reaction.selector.read(), calldata.span()) {
                Result::Ok(_) => 1,
                Result::Err(reasons) => *reasons.at(0),
            };
            self.outcome.write(outcome);
        }
    }
}
