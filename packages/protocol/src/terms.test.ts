import { describe, expect, test } from 'vitest'
import { felt, organisationId } from './ids.ts'
import { type ConsentTerms, checkTerms, consentTermsSchema } from './terms.ts'

const NOW_S = 1_800_000_000
const good: ConsentTerms = {
  grantee: organisationId(7),
  purposes: ['HRESCH'],
  notBeforeS: 0,
  expiresAtS: NOW_S + 1,
  categories: ['vitals'],
  dataFromS: 0,
  dataToS: 0,
  custodian: felt(0),
  sensitivities: [],
}

describe('checkTerms', () => {
  test('takes terms that can come true', () => {
    expect(checkTerms(good, NOW_S)).toBe(good)
  })

  test.each<[string, Partial<ConsentTerms>]>([
    ['consent/no-purpose', { purposes: [] }],
    ['consent/unknown-purpose', { purposes: ['X'] }],
    ['consent/no-category', { categories: [] }],
    ['consent/expiry-in-past', { expiresAtS: NOW_S }],
    ['consent/ends-before-start', { notBeforeS: NOW_S + 1 }],
    ['consent/empty-data-period', { dataFromS: 5, dataToS: 5 }],
  ])('error: %s', (code, change) => {
    expect(() => checkTerms({ ...good, ...change }, NOW_S)).toThrow(expect.objectContaining({ code }))
  })
})

describe('consentTermsSchema', () => {
  test('error: nothing that is not in the terms gets in, and no grantee is nobody', () => {
    expect(consentTermsSchema.safeParse({ ...good, note: 'x' }).success).toBe(false)
    expect(consentTermsSchema.safeParse({ ...good, grantee: '0x0' }).success).toBe(false)
    expect(consentTermsSchema.safeParse({ ...good, expiresAtS: -1 }).success).toBe(false)
    expect(consentTermsSchema.safeParse({ ...good, categories: ['everything'] }).success).toBe(false)
  })
})
