import type { Abi } from 'starknet'
import { expect, test } from 'vitest'
import { abiModule } from './abiModule.ts'

const ABI: Abi = [
  {
    type: 'struct',
    name: 'medsync::Log',
    members: [
      { name: 'head', type: 'core::felt252' },
      { name: 'count', type: 'core::integer::u64' },
    ],
  },
  { type: 'interface', name: 'medsync::ILog', items: [] },
  { type: 'impl', name: 'LogImpl', interface_name: 'medsync::ILog' },
]

test('an ABI becomes a constant, its top level in one order, its members in their own', () => {
  expect(abiModule('AccessLog', ABI)).toMatchInlineSnapshot(`
    "// Made from contracts/cairo by \`npm run contracts:build\`; not to be edited.
    export const accessLogAbi = [
      { type: 'impl', name: 'LogImpl', interface_name: 'medsync::ILog' },
      { type: 'interface', name: 'medsync::ILog', items: [] },
      {
        type: 'struct',
        name: 'medsync::Log',
        members: [{ name: 'head', type: 'core::felt252' }, { name: 'count', type: 'core::integer::u64' }],
      },
    ] as const
    "
  `)
})

test('the order of the compiler does not matter', () => {
  expect(abiModule('AccessLog', [...ABI].reverse())).toBe(abiModule('AccessLog', ABI))
})
