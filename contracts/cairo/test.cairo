//! Contracts that only tests use; never deployed by MedSync.
pub mod odd_token;
pub mod puppet;
pub mod test_token;
