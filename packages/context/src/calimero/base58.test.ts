import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromBase58, isBase58Of32, toBase58 } from './base58.ts'
import { base58Of, executorOf } from './executorId.ts'

const SEED = 20261121

test('bytes come back from base58 as they were, also with zeros before them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 32 }), (bytes) => {
      expect(fromBase58(toBase58(bytes))).toEqual(bytes)
    }),
    { seed: SEED },
  )
})

test('a key is the same in the app’s hex and in Calimero’s base58', () => {
  // As a real node said it of itself, once each way.
  const executor = '8c8ef0ab3999bf5be39b2bf29825b589486c156f33ac2a0d433610df09ee70b1'
  const base58 = 'ATgVgzY8BQN9Kx9VRQhQVLGuD9ELTNdGCPVBDDoh5ejS'
  expect(executorOf(base58)).toBe(executor)
  expect(base58Of(executor)).toBe(base58)
})

test('zeros are ones', () => {
  expect(toBase58(new Uint8Array(32))).toBe('1'.repeat(32))
  expect(fromBase58('1'.repeat(32))).toEqual(new Uint8Array(32))
  expect(fromBase58('')).toEqual(new Uint8Array(0))
})

test.each(['0', 'O', 'I', 'l', '+', ' ', 'ä', 'z'.repeat(45)])('error: %j is no base58 of ours', (text) => {
  expect(fromBase58(text)).toBeUndefined()
  expect(isBase58Of32(text)).toBe(false)
})

test.each(['', '1', '1'.repeat(31), '1'.repeat(33), 'z'.repeat(44)])('error: %j is not 32 bytes', (text) => {
  expect(isBase58Of32(text)).toBe(false)
})
