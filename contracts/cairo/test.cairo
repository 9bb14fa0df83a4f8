//! Contracts that only tests deploy.
pub mod test_token;
