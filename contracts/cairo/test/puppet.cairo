//! A contract account that tests pull the strings of: acts as told, outlives the failures of what it calls, and answers as badly as wanted.
use starknet::ContractAddress;

/// One call that a puppet makes.
#[derive(Drop, Serde)]
pub struct Act {
    pub to: ContractAddress,
    pub selector: felt252,
    pub calldata: Span<felt252>,
}

/// How a puppet answers `is_valid_signature`.
pub mod Manner {
    /// 'VALID' for the signature `[hash]`, zero for any other.
    pub const HONEST: u8 = 0;
    pub const ALWAYS_VALID: u8 = 1;
    pub const NEVER_VALID: u8 = 2;
    pub const FAILS: u8 = 3;
    /// The number one, as accounts before SNIP-6 did.
    pub const ANSWERS_ONE: u8 = 4;
    pub const ANSWERS_TWICE: u8 = 5;
    pub const ANSWERS_NOTHING: u8 = 6;
    /// 'VALID', and twenty thousand felts more.
    pub const ANSWERS_AT_LENGTH: u8 = 7;
}

#[starknet::interface]
pub trait IPuppet<TState> {
    /// Makes each call in turn, also after one has failed. Emits `Acted` for each. Anyone may call.
    fn act(ref self: TState, acts: Array<Act>);
    fn set_manner(ref self: TState, manner: u8);
    /// What is called, with any outcome, whenever a signature is asked for.
    fn set_reaction(ref self: TState, to: ContractAddress, selector: felt252, calldata: Span<felt252>);
    fn is_valid_signature(ref self: TState, hash: felt252, signature: Array<felt252>) -> Answer;
}

/// Any number of felts, with no length before them: what a contract that keeps to no interface returns.
#[derive(Drop)]
pub struct Answer {
    pub values: Span<felt252>,
}

pub impl AnswerSerde of Serde<Answer> {
    fn serialize(self: @Answer, ref output: Array<felt252>) {
        let mut values = *self.values;
        while let Option::Some(value) = values.pop_front() {
            output.append(*value);
        };
    }

    fn deserialize(ref serialized: Span<felt252>) -> Option<Answer> {
        let values = serialized;
        serialized = array![].span();
        Option::Some(Answer { values })
    }
}

/// A call that is kept for later.
#[starknet::storage_node]
pub struct KeptCall {
    pub to: ContractAddress,
    pub selector: felt252,
    pub length: u32,
    pub calldata: starknet::storage::Map<u32, felt252>,
}

#[starknet::contract]
pub mod Puppet {
    use core::num::traits::Zero;
    use starknet::ContractAddress;
    use starknet::storage::{
        StorageMapReadAccess, StorageMapWriteAccess, StoragePointerReadAccess, StoragePointerWriteAccess,
    };
    use starknet::syscalls::call_contract_syscall;
    use super::{Act, Answer, KeptCall, Manner};

    #[storage]
    struct Storage {
        manner: u8,
        reaction: KeptCall,
    }

    #[event]
    #[derive(Drop, starknet::Event)]
    pub enum Event {
        Acted: Acted,
    }

    /// Emitted for each act: what it returned, or the felts it failed with.
    #[derive(Drop, starknet::Event)]
    pub struct Acted {
        #[key]
        pub is_ok: bool,
        pub values: Span<felt252>,
    }

    #[abi(embed_v0)]
    impl PuppetImpl of super::IPuppet<ContractState> {
        fn act(ref self: ContractState, acts: Array<Act>) {
            for Act { to, selector, calldata } in acts {
                match call_contract_syscall(to, selector, calldata) {
                    Result::Ok(values) => self.emit(Acted { is_ok: true, values }),
                    Result::Err(reasons) => self.emit(Acted { is_ok: false, values: reasons.span() }),
                };
            }
        }

        fn set_manner(ref self: ContractState, manner: u8) {
            self.manner.write(manner);
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

        fn is_valid_signature(ref self: ContractState, hash: felt252, signature: Array<felt252>) -> Answer {
            self.react();
            let manner = self.manner.read();
            assert(manner != Manner::FAILS, 'Puppet: told to fail');
            let valid = starknet::VALIDATED;
            let values = if manner == Manner::ALWAYS_VALID {
                array![valid]
            } else if manner == Manner::ANSWERS_ONE {
                array![1]
            } else if manner == Manner::ANSWERS_TWICE {
                array![valid, valid]
            } else if manner == Manner::ANSWERS_NOTHING {
                array![]
            } else if manner == Manner::ANSWERS_AT_LENGTH {
                let mut values = array![valid];
                while values.len() <= 20_000 {
                    values.append(0);
                };
                values
            } else if manner == Manner::HONEST && signature.len() == 1 && *signature.at(0) == hash {
                array![valid]
            } else {
                array![0]
            };
            Answer { values: values.span() }
        }
    }

    #[generate_trait]
    impl InternalImpl of InternalTrait {
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
            match call_contract_syscall(to, self.reaction.selector.read(), calldata.span()) {
                Result::Ok(_) => (),
                Result::Err(_) => (),
            }
        }
    }
}
