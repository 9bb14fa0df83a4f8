//! SNIP-5: asking a contract what it can do.

#[starknet::interface]
pub trait ISrc5<TState> {
    /// Whether the contract implements the interface with this id (SNIP-5); the ids of ours stand in `interface_ids.cairo`.
    fn supports_interface(self: @TState, interface_id: felt252) -> bool;
}
