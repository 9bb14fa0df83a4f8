// Made from contracts/cairo by `npm run contracts:build`; not to be edited.
export const consentRegistryAbi = [
  { type: 'impl', name: 'ConsentRegistryImpl', interface_name: 'medsync::interfaces::consent_registry::IConsentRegistry' },
  {
    type: 'interface',
    name: 'medsync::interfaces::consent_registry::IConsentRegistry',
    items: [
      {
        type: 'function',
        name: 'state',
        inputs: [{ name: 'patient', type: 'core::starknet::contract_address::ContractAddress' }, { name: 'commitment', type: 'core::felt252' }],
        outputs: [{ type: 'medsync::interfaces::consent_registry::ConsentState' }],
        state_mutability: 'view',
      },
      {
        type: 'function',
        name: 'commit',
        inputs: [
          { name: 'patient', type: 'core::starknet::contract_address::ContractAddress' },
          { name: 'opening', type: 'medsync::interfaces::consent_registry::ConsentOpening' },
        ],
        outputs: [{ type: 'core::felt252' }],
        state_mutability: 'view',
      },
      {
        type: 'function',
        name: 'data_part',
        inputs: [
          { name: 'categories', type: 'core::integer::u128' },
          { name: 'provisions', type: 'core::felt252' },
          { name: 'salt', type: 'core::felt252' },
        ],
        outputs: [{ type: 'core::felt252' }],
        state_mutability: 'view',
      },
      {
        type: 'function',
        name: 'provisions_part',
        inputs: [
          { name: 'data_from_s', type: 'core::integer::u64' },
          { name: 'data_to_s', type: 'core::integer::u64' },
          { name: 'custodian', type: 'core::felt252' },
          { name: 'sensitivities', type: 'core::integer::u128' },
        ],
        outputs: [{ type: 'core::felt252' }],
        state_mutability: 'view',
      },
      {
        type: 'function',
        name: 'decide',
        inputs: [
          { name: 'patient', type: 'core::starknet::contract_address::ContractAddress' },
          { name: 'opening', type: 'medsync::interfaces::consent_registry::ConsentOpening' },
          { name: 'grantee', type: 'core::felt252' },
          { name: 'purpose', type: 'core::integer::u8' },
        ],
        outputs: [{ type: 'core::integer::u8' }],
        state_mutability: 'view',
      },
      {
        type: 'function',
        name: 'grant',
        inputs: [{ name: 'commitment', type: 'core::felt252' }],
        outputs: [],
        state_mutability: 'external',
      },
      {
        type: 'function',
        name: 'replace',
        inputs: [{ name: 'old', type: 'core::felt252' }, { name: 'new', type: 'core::felt252' }],
        outputs: [],
        state_mutability: 'external',
      },
      {
        type: 'function',
        name: 'revoke',
        inputs: [{ name: 'commitment', type: 'core::felt252' }],
        outputs: [],
        state_mutability: 'external',
      },
    ],
  },
  {
    type: 'struct',
    name: 'medsync::interfaces::consent_registry::ConsentOpening',
    members: [
      { name: 'grantee', type: 'core::felt252' },
      { name: 'grantee_salt', type: 'core::felt252' },
      { name: 'purposes', type: 'core::integer::u128' },
      { name: 'purposes_salt', type: 'core::felt252' },
      { name: 'not_before_s', type: 'core::integer::u64' },
      { name: 'expires_at_s', type: 'core::integer::u64' },
      { name: 'period_salt', type: 'core::felt252' },
      { name: 'data', type: 'core::felt252' },
    ],
  },
  {
    type: 'struct',
    name: 'medsync::interfaces::consent_registry::ConsentState',
    members: [
      { name: 'status', type: 'core::integer::u8' },
      { name: 'granted_at_s', type: 'core::integer::u64' },
      { name: 'ended_at_s', type: 'core::integer::u64' },
    ],
  },
  {
    type: 'event',
    name: 'medsync::consent_registry::ConsentRegistry::ConsentGranted',
    kind: 'struct',
    members: [
      { name: 'patient', type: 'core::starknet::contract_address::ContractAddress', kind: 'key' },
      { name: 'commitment', type: 'core::felt252', kind: 'key' },
      { name: 'granted_at_s', type: 'core::integer::u64', kind: 'data' },
    ],
  },
  {
    type: 'event',
    name: 'medsync::consent_registry::ConsentRegistry::ConsentReplaced',
    kind: 'struct',
    members: [
      { name: 'patient', type: 'core::starknet::contract_address::ContractAddress', kind: 'key' },
      { name: 'old', type: 'core::felt252', kind: 'key' },
      { name: 'new', type: 'core::felt252', kind: 'key' },
      { name: 'replaced_at_s', type: 'core::integer::u64', kind: 'data' },
    ],
  },
  {
    type: 'event',
    name: 'medsync::consent_registry::ConsentRegistry::ConsentRevoked',
    kind: 'struct',
    members: [
      { name: 'patient', type: 'core::starknet::contract_address::ContractAddress', kind: 'key' },
      { name: 'commitment', type: 'core::felt252', kind: 'key' },
      { name: 'revoked_at_s', type: 'core::integer::u64', kind: 'data' },
    ],
  },
  {
    type: 'event',
    name: 'medsync::consent_registry::ConsentRegistry::Event',
    kind: 'enum',
    variants: [
      { name: 'ConsentGranted', type: 'medsync::consent_registry::ConsentRegistry::ConsentGranted', kind: 'nested' },
      { name: 'ConsentReplaced', type: 'medsync::consent_registry::ConsentRegistry::ConsentReplaced', kind: 'nested' },
      { name: 'ConsentRevoked', type: 'medsync::consent_registry::ConsentRegistry::ConsentRevoked', kind: 'nested' },
    ],
  },
] as const
