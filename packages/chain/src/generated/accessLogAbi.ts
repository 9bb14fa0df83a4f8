// Made from contracts/cairo by `npm run contracts:build`; not to be edited.
export const accessLogAbi = [
  { type: 'impl', name: 'AccessLogImpl', interface_name: 'medsync::interfaces::access_log::IAccessLog' },
  {
    type: 'interface',
    name: 'medsync::interfaces::access_log::IAccessLog',
    items: [
      {
        type: 'function',
        name: 'log_of',
        inputs: [{ name: 'patient', type: 'core::starknet::contract_address::ContractAddress' }],
        outputs: [{ type: 'medsync::interfaces::access_log::PatientLog' }],
        state_mutability: 'view',
      },
      {
        type: 'function',
        name: 'entry',
        inputs: [
          { name: 'hospital', type: 'core::felt252' },
          { name: 'patient', type: 'core::starknet::contract_address::ContractAddress' },
          { name: 'digest', type: 'core::felt252' },
        ],
        outputs: [{ type: 'medsync::interfaces::access_log::Entry' }],
        state_mutability: 'view',
      },
      {
        type: 'function',
        name: 'pool',
        inputs: [],
        outputs: [{ type: 'core::starknet::contract_address::ContractAddress' }],
        state_mutability: 'view',
      },
      {
        type: 'function',
        name: 'append',
        inputs: [
          { name: 'patient', type: 'core::starknet::contract_address::ContractAddress' },
          { name: 'kind', type: 'core::integer::u8' },
          { name: 'digest', type: 'core::felt252' },
        ],
        outputs: [{ type: 'core::integer::u64' }],
        state_mutability: 'external',
      },
      {
        type: 'function',
        name: 'append_for',
        inputs: [
          { name: 'hospital', type: 'core::felt252' },
          { name: 'patient', type: 'core::starknet::contract_address::ContractAddress' },
          { name: 'kind', type: 'core::integer::u8' },
          { name: 'digest', type: 'core::felt252' },
        ],
        outputs: [{ type: 'core::integer::u64' }],
        state_mutability: 'external',
      },
      {
        type: 'function',
        name: 'set_pool',
        inputs: [{ name: 'pool', type: 'core::starknet::contract_address::ContractAddress' }],
        outputs: [],
        state_mutability: 'external',
      },
    ],
  },
  {
    type: 'struct',
    name: 'medsync::interfaces::access_log::Entry',
    members: [
      { name: 'index', type: 'core::integer::u64' },
      { name: 'kind', type: 'core::integer::u8' },
      { name: 'logged_at_s', type: 'core::integer::u64' },
    ],
  },
  {
    type: 'struct',
    name: 'medsync::interfaces::access_log::PatientLog',
    members: [{ name: 'count', type: 'core::integer::u64' }, { name: 'head', type: 'core::felt252' }],
  },
  {
    type: 'constructor',
    name: 'constructor',
    inputs: [{ name: 'participants', type: 'core::starknet::contract_address::ContractAddress' }],
  },
  {
    type: 'event',
    name: 'medsync::access_log::AccessLog::EntryAppended',
    kind: 'struct',
    members: [
      { name: 'patient', type: 'core::starknet::contract_address::ContractAddress', kind: 'key' },
      { name: 'hospital', type: 'core::felt252', kind: 'key' },
      { name: 'index', type: 'core::integer::u64', kind: 'data' },
      { name: 'kind', type: 'core::integer::u8', kind: 'data' },
      { name: 'digest', type: 'core::felt252', kind: 'data' },
      { name: 'head', type: 'core::felt252', kind: 'data' },
      { name: 'logged_at_s', type: 'core::integer::u64', kind: 'data' },
    ],
  },
  {
    type: 'event',
    name: 'medsync::access_log::AccessLog::Event',
    kind: 'enum',
    variants: [
      { name: 'EntryAppended', type: 'medsync::access_log::AccessLog::EntryAppended', kind: 'nested' },
      { name: 'PoolSet', type: 'medsync::access_log::AccessLog::PoolSet', kind: 'nested' },
    ],
  },
  {
    type: 'event',
    name: 'medsync::access_log::AccessLog::PoolSet',
    kind: 'struct',
    members: [{ name: 'pool', type: 'core::starknet::contract_address::ContractAddress', kind: 'key' }],
  },
] as const
