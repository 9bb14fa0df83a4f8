//! What each contract promises, apart from how it keeps the promise.
pub mod access_log;
pub mod consent_registry;
pub mod erc20;
pub mod participants;
pub mod reward_pool;
pub mod src5;
pub mod upgradeable;
