//! Domain separators of every hash. The same short strings as in packages/protocol/src/hash.ts; a changed layout takes a new version.
pub const CONSENT: felt252 = 'MedSync.consent.v1';
pub const WHO: felt252 = 'MedSync.consent.who.v1';
pub const PURPOSE: felt252 = 'MedSync.consent.purpose.v1';
pub const PERIOD: felt252 = 'MedSync.consent.period.v1';
pub const DATA: felt252 = 'MedSync.consent.data.v1';
pub const PROVISIONS: felt252 = 'MedSync.consent.provisions.v1';
pub const LOG_LEAF: felt252 = 'MedSync.log.leaf.v2';
pub const LOG_BATCH: felt252 = 'MedSync.log.batch.v2';
pub const LOG_BATCHED: felt252 = 'MedSync.log.batched.v2';
pub const LOG_PLACE: felt252 = 'MedSync.log.place.v2';
pub const LOG_ID: felt252 = 'MedSync.log.id.v2';
