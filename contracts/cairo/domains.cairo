//! Domain separators of every hash. The same short strings as in packages/protocol/src/hash.ts; a changed layout takes a new version.
pub const CONSENT: felt252 = 'MedSync.consent.v1';
pub const WHO: felt252 = 'MedSync.consent.who.v1';
pub const PURPOSE: felt252 = 'MedSync.consent.purpose.v1';
pub const PERIOD: felt252 = 'MedSync.consent.period.v1';
pub const DATA: felt252 = 'MedSync.consent.data.v1';
pub const PROVISIONS: felt252 = 'MedSync.consent.provisions.v1';
pub const LOG: felt252 = 'MedSync.log.v1';
pub const LOG_GENESIS: felt252 = 'MedSync.log.genesis.v1';
