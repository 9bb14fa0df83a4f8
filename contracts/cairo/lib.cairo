//! MedSync on Starknet: who takes part, which consents stand, who accessed what, and the money that follows.
//!
//! One contract a file, its documented interface under `interfaces`. Contracts know each other by interface only.
pub mod access_log;
pub mod commitment;
pub mod consent_registry;
pub mod delays;
pub mod domains;
pub mod interface_ids;
pub mod interfaces;
pub mod merkle;
pub mod orders;
pub mod packing;
pub mod participants;
pub mod purposes;
pub mod reward_pool;
pub mod reward_pool_slots;
pub mod test;
pub mod tokens;
pub mod upgradeable;
