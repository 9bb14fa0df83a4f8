//! Generated from the ABIs by `npm run codegen`; do not edit.
//! SNIP-5 ids of the interfaces: the XOR of their extended selectors.

/// `IAccessLog`.
pub const ACCESS_LOG: felt252 = 0x32d0e5aa6e0f7b860a56a79fcf345e990f5c3a823891cbce948611a3e513309;

/// `IConsentRegistry`.
pub const CONSENT_REGISTRY: felt252 = 0x33c277042c1b085de03edef66f6c215bf7502ce929d2fcdf9f747444b15013c;

/// `IParticipants`.
pub const PARTICIPANTS: felt252 = 0x217828bac91f544e10ec96635226e590b829e1fce05dd54d1ee2ffa4b4ad59;

/// `IRewardPool`.
pub const REWARD_POOL: felt252 = 0x1863a8b45240a5eb833e6f8c657ec52063c5164b7bb389a9a3cb6a511957aeb;

/// `ISrc5`.
pub const SRC5: felt252 = 0x3f918d17e5ee77373b56385708f855659a07f75997f365cf87748628532a055;

/// `IUpgradeable`.
pub const UPGRADEABLE: felt252 = 0x21d119a920ecd41f522625ecfbbd20d8d427b26c067331c32079b0d6854f5ae;
