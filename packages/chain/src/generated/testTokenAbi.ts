// Made from contracts/cairo by `npm run contracts:build`; not to be edited.
export const testTokenAbi = [
  { type: 'impl', name: 'TestTokenImpl', interface_name: 'medsync::test::test_token::ITestToken' },
  {
    type: 'interface',
    name: 'medsync::test::test_token::ITestToken',
    items: [
      {
        type: 'function',
        name: 'balance_of',
        inputs: [{ name: 'account', type: 'core::starknet::contract_address::ContractAddress' }],
        outputs: [{ type: 'core::integer::u256' }],
        state_mutability: 'view',
      },
      {
        type: 'function',
        name: 'allowance',
        inputs: [
          { name: 'owner', type: 'core::starknet::contract_address::ContractAddress' },
          { name: 'spender', type: 'core::starknet::contract_address::ContractAddress' },
        ],
        outputs: [{ type: 'core::integer::u256' }],
        state_mutability: 'view',
      },
      {
        type: 'function',
        name: 'mint',
        inputs: [{ name: 'to', type: 'core::starknet::contract_address::ContractAddress' }, { name: 'amount', type: 'core::integer::u256' }],
        outputs: [],
        state_mutability: 'external',
      },
      {
        type: 'function',
        name: 'approve',
        inputs: [{ name: 'spender', type: 'core::starknet::contract_address::ContractAddress' }, { name: 'amount', type: 'core::integer::u256' }],
        outputs: [{ type: 'core::bool' }],
        state_mutability: 'external',
      },
      {
        type: 'function',
        name: 'transfer',
        inputs: [{ name: 'to', type: 'core::starknet::contract_address::ContractAddress' }, { name: 'amount', type: 'core::integer::u256' }],
        outputs: [{ type: 'core::bool' }],
        state_mutability: 'external',
      },
      {
        type: 'function',
        name: 'transfer_from',
        inputs: [
          { name: 'from', type: 'core::starknet::contract_address::ContractAddress' },
          { name: 'to', type: 'core::starknet::contract_address::ContractAddress' },
          { name: 'amount', type: 'core::integer::u256' },
        ],
        outputs: [{ type: 'core::bool' }],
        state_mutability: 'external',
      },
    ],
  },
  {
    type: 'struct',
    name: 'core::integer::u256',
    members: [{ name: 'low', type: 'core::integer::u128' }, { name: 'high', type: 'core::integer::u128' }],
  },
  { type: 'enum', name: 'core::bool', variants: [{ name: 'False', type: '()' }, { name: 'True', type: '()' }] },
  { type: 'event', name: 'medsync::test::test_token::TestToken::Event', kind: 'enum', variants: [] },
] as const
