import { expect, test } from 'vitest'
import { extendedSignature, interfaceId } from './interfaceId.ts'

const fn = (name: string, inputs: string[], outputs: string[]) => ({
  type: 'function',
  name,
  inputs: inputs.map((type, index) => ({ name: `a${index}`, type })),
  outputs: outputs.map((type) => ({ type })),
})

test('is the id that SNIP-5 gives itself', () => {
  const abi = [{ type: 'interface', name: 'x::ISrc5', items: [fn('supports_interface', ['core::felt252'], ['core::bool'])] }]
  expect(interfaceId(abi, 'ISrc5')).toBe(0x3f918d17e5ee77373b56385708f855659a07f75997f365cf87748628532a055n)
})

test('spells structs, spans and u256 out', () => {
  const abi = [
    { type: 'struct', name: 'x::Pair', members: [{ type: 'core::felt252' }, { type: 'core::array::Span::<core::integer::u256>' }] },
  ]
  const { name, inputs, outputs } = fn('f', ['x::Pair', 'core::starknet::contract_address::ContractAddress'], [])
  expect(extendedSignature(abi, { name, inputs, outputs })).toBe('f((felt252,(@Array<(u128,u128)>)),ContractAddress)')
})

test('error: an interface that is not there', () => {
  expect(() => interfaceId([], 'INone')).toThrowError('The ABI has no interface INone.')
})
