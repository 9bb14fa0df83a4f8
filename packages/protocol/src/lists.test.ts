import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { CATEGORY_KEYS } from './categories.ts'
import { commitConsent } from './commitment.ts'
import { entryDetailsSchema, keptEntryDetailsSchema } from './entries.ts'
import { felt, organisationId, studyIdSchema } from './ids.ts'
import { readSet, setOf } from './lists.ts'
import { PURPOSES } from './purposes.ts'
import { keptRequestDetailsSchema, requestDetailsSchema, requestDigest } from './requests.ts'
import { statisticsQuestionSchema } from './roundsApi.ts'
import { keptStudyDetailsSchema, studyDetailsSchema } from './studies.ts'
import { consentTermsSchema, keptTermsSchema } from './terms.ts'
import { inviteBodySchema } from './trialsApi.ts'

const SEED = 20_261_201
const details = {
  study: 1,
  requester: '0x11',
  patient: '0x12',
  hospital: '0x13',
  commitment: '0x14',
  categories: ['vitals', 'laboratory'],
  dataFromS: 0,
  dataToS: 0,
}
const terms = {
  grantee: organisationId(7),
  purposes: ['HRESCH', 'TREAT'],
  notBeforeS: 0,
  expiresAtS: 2_000_000_000,
  categories: ['vitals', 'laboratory'],
  dataFromS: 0,
  dataToS: 0,
  custodian: '0x0',
  sensitivities: ['hiv', 'genetic'],
}
const study = { title: 'Pulse', summary: '', categories: ['vitals', 'laboratory'], dataFromS: 0, dataToS: 0 }
const entry = {
  kind: 'access',
  hospital: '0x1',
  patient: '0x2',
  grantee: '0x3',
  study: 1,
  request: 1,
  purposeIndex: 0,
  commitment: '0x4',
  decision: 'permit',
  categories: ['vitals', 'laboratory'],
  dataFromS: 0,
  dataToS: 0,
  resourceCount: 1,
  releaseSha256: '',
}
const question = { field: { kind: 'age' }, measure: { kind: 'count' }, cohort: { ageDecade: [1, 2], gender: [0, 1] } }
const record = '0c0b6a55-3b3a-4f7b-9a0d-1f6d0f9e7a11'
const records = { records: [record, '1c0b6a55-3b3a-4f7b-9a0d-1f6d0f9e7a11'] }

/** Every list of the interface that is a set: where it stands, and a sound value around it. */
const SETS: [string, z.ZodType, Record<string, unknown>, string][] = [
  ['categories of a request', requestDetailsSchema, details, 'categories'],
  ['purposes of a consent', consentTermsSchema, terms, 'purposes'],
  ['categories of a consent', consentTermsSchema, terms, 'categories'],
  ['sensitivities of a consent', consentTermsSchema, terms, 'sensitivities'],
  ['categories of a study', studyDetailsSchema, study, 'categories'],
  ['categories of an entry', entryDetailsSchema, entry, 'categories'],
  ['records that are invited', inviteBodySchema, records, 'records'],
]

describe('lists that are sets', () => {
  test.each(SETS)('error: %s: a member that stands there twice', (_, schema, sound, field) => {
    const members = sound[field] as unknown[]
    expect(schema.safeParse(sound).success).toBe(true)
    expect(schema.safeParse({ ...sound, [field]: [...members, members[0]] }).success).toBe(false)
    expect(schema.safeParse({ ...sound, [field]: Array.from({ length: 20_000 }, () => members[0]) }).success).toBe(false)
  })

  test.each(SETS.filter(([what]) => !what.startsWith('records')))('%s: their order says nothing', (_, schema, sound, field) => {
    const members = sound[field] as unknown[]
    expect(schema.parse({ ...sound, [field]: members.toReversed() })).toEqual(schema.parse(sound))
  })

  test('error: bins of a cohort that stand there twice', () => {
    expect(statisticsQuestionSchema.safeParse(question).success).toBe(true)
    for (const cohort of [{ ageDecade: [1, 1] }, { gender: [0, 0, 1] }]) {
      expect(statisticsQuestionSchema.safeParse({ ...question, cohort }).success).toBe(false)
    }
  })

  test('error: one record in capitals and in small letters', () => {
    expect(inviteBodySchema.safeParse({ records: [record, record.toUpperCase()] }).success).toBe(false)
  })

  test('a list is refused for its length before its members are compared', () => {
    const set = setOf(z.enum(['a', 'b']), { max: 2 }, ['a', 'b'])
    expect(set.safeParse(['a', 'b', 'a', 'b']).error?.issues.map(({ code }) => code)).toEqual(['too_big'])
    expect(set.parse(['b', 'a'])).toEqual(['a', 'b'])
  })

  test('what was kept with repeats is read as the set that it is', () => {
    const many = Array.from({ length: 20_000 }, () => 'vitals')
    expect(keptRequestDetailsSchema.parse({ ...details, categories: many }).categories).toEqual(['vitals'])
    expect(keptTermsSchema.parse({ ...terms, purposes: ['TREAT', 'TREAT'], categories: many })).toMatchObject({
      purposes: ['TREAT'],
      categories: ['vitals'],
    })
    expect(keptStudyDetailsSchema.parse({ ...study, categories: many }).categories).toEqual(['vitals'])
    expect(keptEntryDetailsSchema.parse({ ...entry, categories: many }).categories).toEqual(['vitals'])
    expect(readSet(setOf(z.enum(['a']), { max: 1 })).safeParse('a').success).toBe(false)
  })
})

describe('one list for one digest', () => {
  const salts = { grantee: felt(1), purposes: felt(2), period: felt(3), data: felt(4) }
  const place = { chainId: felt(5), registry: felt(6), patient: felt(7) }
  const lists = fc.array(fc.constantFrom(...CATEGORY_KEYS), { minLength: 1, maxLength: 8 })

  test('two requests that parse and have the same digest are the same request', () => {
    fc.assert(
      fc.property(lists, lists, (one, other) => {
        const parsed = [one, other].flatMap((categories) => requestDetailsSchema.safeParse({ ...details, categories }).data ?? [])
        const [first, second] = parsed
        if (first === undefined || second === undefined) return
        const isSame = requestDigest(first, felt(9)) === requestDigest(second, felt(9))
        expect(isSame).toBe(JSON.stringify(first) === JSON.stringify(second))
        expect(first.study).toBe(studyIdSchema.parse(1))
      }),
      { seed: SEED, numRuns: 300 },
    )
  })

  test('two consents that parse and have the same commitment are the same consent', () => {
    const purposes = fc.array(fc.constantFrom(...PURPOSES.slice(0, 6).map(({ code }) => code)), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(lists, lists, purposes, purposes, (oneCategories, otherCategories, onePurposes, otherPurposes) => {
        const first = consentTermsSchema.safeParse({ ...terms, categories: oneCategories, purposes: onePurposes }).data
        const second = consentTermsSchema.safeParse({ ...terms, categories: otherCategories, purposes: otherPurposes }).data
        if (first === undefined || second === undefined) return
        const isSame =
          commitConsent({ ...place, terms: first, salts }).commitment === commitConsent({ ...place, terms: second, salts }).commitment
        expect(isSame).toBe(JSON.stringify(first) === JSON.stringify(second))
      }),
      { seed: SEED, numRuns: 300 },
    )
  })
})
