import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from './canonicalJson.ts'

test('is the same for the same value, in whatever order its names come', () => {
  expect(canonicalJson({ b: 1, a: [{ d: null, c: '2' }] })).toBe('{"a":[{"c":"2","d":null}],"b":1}')
  expect(canonicalJson({ a: [{ c: '2', d: null }], b: 1 })).toBe(canonicalJson({ b: 1, a: [{ d: null, c: '2' }] }))
})

test('differs for different values, and says all of them', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value))
      expect(JSON.parse(canonicalJson(plain))).toEqual(plain)
    }),
    { seed: 42 },
  )
})
