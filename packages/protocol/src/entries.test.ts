import { describe, expect, test } from 'vitest'
import { type EntryDetails, entryDetailsSchema, entryDigest } from './entries.ts'
import { felt, organisationId } from './ids.ts'

const details: EntryDetails = {
  kind: 'access',
  hospital: organisationId(1),
  patient: felt(2),
  grantee: organisationId(3),
  study: 4,
  request: 5,
  purposeIndex: 6,
  commitment: felt(7),
  decision: 'permit',
  categories: ['vitals'],
  dataFromS: 8,
  dataToS: 9,
  resourceCount: 10,
  releaseSha256: 'ab'.repeat(32),
}

describe('entryDigest', () => {
  test('every field and the salt count', () => {
    const others: EntryDetails[] = [
      { ...details, kind: 'refusal' },
      { ...details, hospital: organisationId(9) },
      { ...details, patient: felt(9) },
      { ...details, grantee: organisationId(9) },
      { ...details, study: 9 },
      { ...details, request: 9 },
      { ...details, purposeIndex: 9 },
      { ...details, commitment: felt(9) },
      { ...details, decision: 'revoked' },
      { ...details, categories: [] },
      { ...details, dataFromS: 0 },
      { ...details, dataToS: 0 },
      { ...details, resourceCount: 0 },
      { ...details, releaseSha256: '' },
    ]
    expect(entryDigest({ ...details, kind: 'emergency' }, felt(1))).not.toBe(entryDigest(details, felt(1)))
    expect(others).toHaveLength(Object.keys(entryDetailsSchema.shape).length)
    expect(new Set([details, ...others].map((each) => entryDigest(each, felt(1)))).size).toBe(others.length + 1)
    expect(entryDigest(details, felt(2))).not.toBe(entryDigest(details, felt(1)))
  })
})
