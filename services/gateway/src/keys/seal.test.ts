import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newKey, open, seal } from './seal.ts'

const SEED = 42

describe('seal', () => {
  test('opens to the same bytes, with the same key in the same place', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.string(), (bytes, place) => {
        const key = newKey()
        expect(Buffer.from(bytes).equals(open(key, seal(key, bytes, place), place))).toBe(true)
      }),
      { seed: SEED },
    )
  })

  test('begins with its version and never twice with the same nonce', () => {
    const key = newKey()
    const [one, other] = [seal(key, Buffer.from('a'), 'p'), seal(key, Buffer.from('a'), 'p')]
    expect(one[0]).toBe(1)
    expect(Buffer.from(one).equals(Buffer.from(other))).toBe(false)
  })

  test('error: another key, another place, any changed byte, another version, cut short', () => {
    const key = newKey()
    const sealed = seal(key, Buffer.from('asthma'), 'mercy|record|part|conditions')
    const failure = expect.objectContaining({ code: 'record/damaged' })
    expect(() => open(newKey(), sealed, 'mercy|record|part|conditions')).toThrow(failure)
    expect(() => open(key, sealed, 'stclare|record|part|conditions')).toThrow(failure)
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(() => open(key, changed, 'mercy|record|part|conditions')).toThrow(failure)
    }
    expect(() => open(key, sealed.subarray(0, 20), 'mercy|record|part|conditions')).toThrow(failure)
    expect(() => open(key, new Uint8Array(), 'mercy|record|part|conditions')).toThrow(failure)
  })
})
