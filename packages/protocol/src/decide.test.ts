import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CATEGORY_KEYS, SENSITIVITY_KEYS } from './categories.ts'
import { type AccessQuestion, decide, decisionOf } from './decide.ts'
import { felt, organisationId } from './ids.ts'
import { purposeOf } from './purposes.ts'
import type { ConsentTerms } from './terms.ts'

const SEED = 42
const terms: ConsentTerms = {
  grantee: organisationId(7),
  purposes: ['HRESCH'],
  notBeforeS: 100,
  expiresAtS: 200,
  categories: ['vitals', 'conditions'],
  dataFromS: 10,
  dataToS: 50,
  custodian: felt(5),
  sensitivities: ['hiv'],
}
const question: AccessQuestion = {
  status: 'active',
  terms,
  grantee: organisationId(7),
  purposeIndex: purposeOf('CLINTRCH').index,
  custodian: felt(5),
  categories: ['vitals', 'laboratory'],
  dataFromS: 0,
  dataToS: 0,
  nowS: 150,
}

describe('decide', () => {
  test('narrows the answer to what the consent covers', () => {
    expect(decide(question)).toEqual({ decision: 'permit', categories: ['vitals'], dataFromS: 10, dataToS: 50, sensitivities: ['hiv'] })
  })

  test.each<[string, Partial<AccessQuestion>]>([
    ['not-granted', { status: 'unknown' }],
    ['revoked', { status: 'revoked' }],
    ['replaced', { status: 'replaced' }],
    ['not-yet-valid', { nowS: 99 }],
    ['expired', { nowS: 200 }],
    ['other-grantee', { grantee: organisationId(8) }],
    ['other-purpose', { purposeIndex: purposeOf('TREAT').index }],
    ['other-custodian', { custodian: felt(6) }],
    ['outside-categories', { categories: ['laboratory'] }],
    ['outside-period', { dataFromS: 50 }],
    ['outside-period', { dataToS: 10 }],
  ])('denies: %s', (decision, change) => {
    expect(decide({ ...question, ...change })).toEqual({ decision })
  })

  test('permits from its first second to its last', () => {
    expect([99, 100, 199, 200].map((nowS) => decide({ ...question, nowS }).decision)).toEqual([
      'not-yet-valid',
      'permit',
      'permit',
      'expired',
    ])
  })

  test('a category is permitted once, however often it is asked for or covered', () => {
    const categories = Array.from({ length: 20_000 }, () => ['laboratory', 'vitals'] as const).flat()
    const covered: ConsentTerms = { ...terms, categories: ['vitals', 'vitals', 'laboratory'], sensitivities: ['hiv', 'hiv'] }
    const ruling = decide({ ...question, categories, terms: covered })
    expect(ruling).toMatchObject({ decision: 'permit', categories: ['vitals', 'laboratory'], sensitivities: ['hiv'] })
  })

  test('never widens: what it permits is both asked for and consented to', () => {
    const time = fc.integer({ min: 0, max: 300 })
    const keys = fc.uniqueArray(fc.constantFrom(...CATEGORY_KEYS))
    const anyTerms = fc.record({
      categories: keys,
      dataFromS: time,
      dataToS: time,
      sensitivities: fc.uniqueArray(fc.constantFrom(...SENSITIVITY_KEYS)),
    })
    fc.assert(
      fc.property(anyTerms, keys, time, time, time, (some, categories, dataFromS, dataToS, at) => {
        const own = { ...terms, ...some }
        const ruling = decide({ ...question, terms: own, categories, dataFromS, dataToS })
        if (ruling.decision !== 'permit') return
        expect(ruling.categories.every((key) => categories.includes(key) && own.categories.includes(key))).toBe(true)
        expect(ruling.sensitivities).toEqual(own.sensitivities)
        const within = (fromS: number, toS: number) => at >= fromS && (toS === 0 || at < toS)
        expect(within(ruling.dataFromS, ruling.dataToS)).toBe(within(dataFromS, dataToS) && within(own.dataFromS, own.dataToS))
      }),
      { seed: SEED, numRuns: 2_000 },
    )
  })

  test('numbers of the contract come back as words', () => {
    expect([0, 1, 3, 8, 99].map(decisionOf)).toEqual([undefined, 'permit', 'revoked', 'other-purpose', undefined])
  })
})
