import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { felt } from './ids.ts'
import { splitPrice, studyDetailsHash } from './studies.ts'

describe('splitPrice', () => {
  test('always adds up to the price, to the last unit', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 2n ** 112n - 1n }),
        fc.bigInt({ min: 0n, max: 10_000n }),
        fc.bigInt({ min: 0n, max: 10_000n }),
        (price, one, other) => {
          fc.pre(one + other <= 10_000n)
          const { patient, hospital, pool } = splitPrice(price, one, other)
          expect(patient + hospital + pool).toBe(price)
          expect([patient, hospital, pool].every((share) => share >= 0n)).toBe(true)
        },
      ),
      { seed: 42, numRuns: 2_000 },
    )
  })

  test('error: nothing to split, or more than the whole', () => {
    expect(() => splitPrice(0n, 1n, 1n)).toThrow(expect.objectContaining({ code: 'study/zero-price' }))
    expect(() => splitPrice(1n, 10_000n, 1n)).toThrow(expect.objectContaining({ code: 'study/shares-over-whole' }))
  })
})

describe('studyDetailsHash', () => {
  const details = { title: 'Heart rate', summary: '', categories: ['vitals' as const], dataFromS: 0, dataToS: 0 }

  test('no two descriptions share one, even when the border between title and summary moves', () => {
    const hashes = [
      details,
      { ...details, title: 'Heart rates' },
      { ...details, title: 'Heart', summary: ' rate' },
      { ...details, categories: ['conditions' as const] },
      { ...details, dataToS: 1 },
    ].map((each) => studyDetailsHash(each, felt(1)))
    expect(new Set([...hashes, studyDetailsHash(details, felt(2))]).size).toBe(6)
  })
})
