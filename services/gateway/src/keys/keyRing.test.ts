import { describe, expect, test } from 'vitest'
import { KeyRing, keyedHash } from './keyRing.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const ring = new KeyRing(Buffer.alloc(32, 1))

describe('the key ring', () => {
  test('gives every tenant and purpose a key of its own, always the same', () => {
    const keys = [
      ring.ofTenant('mercy', 'record-wrap'),
      ring.ofTenant('stclare', 'record-wrap'),
      ring.ofTenant('mercy', 'patient-hash'),
      ring.shared('record-wrap'),
      new KeyRing(Buffer.alloc(32, 2)).ofTenant('mercy', 'record-wrap'),
    ].map(hex)
    expect(new Set(keys).size).toBe(5)
    expect(hex(new KeyRing(Buffer.alloc(32, 1)).ofTenant('mercy', 'record-wrap'))).toBe(keys[0])
    expect(keys[0]?.length).toBe(64)
  })
})

describe('keyedHash', () => {
  test('differs by key and by where one part ends and the next begins', () => {
    const key = ring.shared('a')
    expect(hex(keyedHash(key, 'ab', 'c'))).toBe(hex(keyedHash(key, 'ab', 'c')))
    expect(hex(keyedHash(key, 'ab', 'c'))).not.toBe(hex(keyedHash(key, 'a', 'bc')))
    expect(hex(keyedHash(key, 'ab'))).not.toBe(hex(keyedHash(ring.shared('b'), 'ab')))
  })
})
