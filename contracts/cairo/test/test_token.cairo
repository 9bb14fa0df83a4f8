//! An ordinary ERC-20 that anybody may mint: for tests only.
#[starknet::interface]
pub trait ITestToken<TState> {
    fn balance_of(self: @TState, account: starknet::ContractAddress) -> u256;
    fn allowance(self: @TState, owner: starknet::ContractAddress, spender: starknet::ContractAddress) -> u256;
    fn mint(ref self: TState, to: starknet::ContractAddress, amount: u256);
    fn approve(ref self: TState, spender: starknet::ContractAddress, amount: u256) -> bool;
    fn transfer(ref self: TState, to: starknet::ContractAddress, amount: u256) -> bool;
    fn transfer_from(ref self: TState, from: starknet::ContractAddress, to: starknet::ContractAddress, amount: u256) -> bool;
}

#[starknet::contract]
pub mod TestToken {
    use starknet::storage::{Map, StorageMapReadAccess, StorageMapWriteAccess};
    use starknet::{ContractAddress, get_caller_address};

    #[storage]
    struct Storage {
        balances: Map<ContractAddress, u256>,
        allowances: Map<(ContractAddress, ContractAddress), u256>,
    }

    #[abi(embed_v0)]
    impl TestTokenImpl of super::ITestToken<ContractState> {
        fn balance_of(self: @ContractState, account: ContractAddress) -> u256 {
            self.balances.read(account)
        }

        fn allowance(self: @ContractState, owner: ContractAddress, spender: ContractAddress) -> u256 {
            self.allowances.read((owner, spender))
        }

        fn mint(ref self: ContractState, to: ContractAddress, amount: u256) {
            self.balances.write(to, self.balances.read(to) + amount);
        }

        fn approve(ref self: ContractState, spender: ContractAddress, amount: u256) -> bool {
            self.allowances.write((get_caller_address(), spender), amount);
            true
        }

        fn transfer(ref self: ContractState, to: ContractAddress, amount: u256) -> bool {
            self.move(get_caller_address(), to, amount);
            true
        }

        fn transfer_from(ref self: ContractState, from: ContractAddress, to: ContractAddress, amount: u256) -> bool {
            let spender = get_caller_address();
            let allowance = self.allowances.read((from, spender));
            assert(allowance >= amount, 'Token: allowance too small');
            self.allowances.write((from, spender), allowance - amount);
            self.move(from, to, amount);
            true
        }
    }

    #[generate_trait]
    impl InternalImpl of InternalTrait {
        fn move(ref self: ContractState, from: ContractAddress, to: ContractAddress, amount: u256) {
            let balance = self.balances.read(from);
            assert(balance >= amount, 'Token: balance too small');
            self.balances.write(from, balance - amount);
            self.balances.write(to, self.balances.read(to) + amount);
        }
    }
}
