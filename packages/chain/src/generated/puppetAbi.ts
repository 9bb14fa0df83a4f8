// Made from contracts/cairo by `npm run contracts:build`; not to be edited.
export const puppetAbi = [
  { type: 'impl', name: 'PuppetImpl', interface_name: 'medsync::test::puppet::IPuppet' },
  {
    type: 'interface',
    name: 'medsync::test::puppet::IPuppet',
    items: [
      {
        type: 'function',
        name: 'act',
        inputs: [{ name: 'acts', type: 'core::array::Array::<medsync::test::puppet::Act>' }],
        outputs: [],
        state_mutability: 'external',
      },
      {
        type: 'function',
        name: 'set_manner',
        inputs: [{ name: 'manner', type: 'core::integer::u8' }],
        outputs: [],
        state_mutability: 'external',
      },
      {
        type: 'function',
        name: 'set_reaction',
        inputs: [
          { name: 'to', type: 'core::starknet::contract_address::ContractAddress' },
          { name: 'selector', type: 'core::felt252' },
          { name: 'calldata', type: 'core::array::Span::<core::felt252>' },
        ],
        outputs: [],
        state_mutability: 'external',
      },
      {
        type: 'function',
        name: 'is_valid_signature',
        inputs: [{ name: 'hash', type: 'core::felt252' }, { name: 'signature', type: 'core::array::Array::<core::felt252>' }],
        outputs: [{ type: 'medsync::test::puppet::Answer' }],
        state_mutability: 'external',
      },
    ],
  },
  {
    type: 'struct',
    name: 'core::array::Span::<core::felt252>',
    members: [{ name: 'snapshot', type: '@core::array::Array::<core::felt252>' }],
  },
  {
    type: 'struct',
    name: 'medsync::test::puppet::Act',
    members: [
      { name: 'to', type: 'core::starknet::contract_address::ContractAddress' },
      { name: 'selector', type: 'core::felt252' },
      { name: 'calldata', type: 'core::array::Span::<core::felt252>' },
    ],
  },
  { type: 'struct', name: 'medsync::test::puppet::Answer', members: [{ name: 'values', type: 'core::array::Span::<core::felt252>' }] },
  { type: 'enum', name: 'core::bool', variants: [{ name: 'False', type: '()' }, { name: 'True', type: '()' }] },
  {
    type: 'event',
    name: 'medsync::test::puppet::Puppet::Acted',
    kind: 'struct',
    members: [{ name: 'is_ok', type: 'core::bool', kind: 'key' }, { name: 'values', type: 'core::array::Span::<core::felt252>', kind: 'data' }],
  },
  {
    type: 'event',
    name: 'medsync::test::puppet::Puppet::Event',
    kind: 'enum',
    variants: [{ name: 'Acted', type: 'medsync::test::puppet::Puppet::Acted', kind: 'nested' }],
  },
] as const
