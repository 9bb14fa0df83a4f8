import { describe, expect, test } from 'vitest'
import { type EntryDetails, entryDetailsSchema, entryDigest, logGenesis, nextHead, verifyEntries } from './entries.ts'
import { felt, organisationId, ZERO } from './ids.ts'

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
    expect(others).toHaveLength(Object.keys(entryDetailsSchema.shape).length)
    expect(new Set([details, ...others].map((each) => entryDigest(each, felt(1)))).size).toBe(others.length + 1)
    expect(entryDigest(details, felt(2))).not.toBe(entryDigest(details, felt(1)))
  })
})

describe('verifyEntries', () => {
  const link = (index: number) => ({ index, hospital: felt(1), kind: 1, digest: felt(index + 100), loggedAtS: index })
  const links = [1, 2, 3].map(link)
  const genesis = logGenesis(felt(1), felt(2), felt(3))
  const log = { count: 3, head: links.reduce(nextHead, genesis), genesis }

  test('takes the whole list, and an empty one where there is nothing', () => {
    verifyEntries(links, log)
    verifyEntries([], { count: 0, head: ZERO, genesis })
  })

  test.each([
    ['one left out', links.slice(1)],
    ['the last left out', links.slice(0, 2)],
    ['one too many', [...links, link(4)]],
    ['another order', [links[1], links[0], links[2]].flatMap((each) => each ?? [])],
    ['one twice', [...links.slice(0, 2), ...links.slice(1)]],
  ])('error: %s', (_, list) => {
    expect(() => verifyEntries(list, log)).toThrow(expect.objectContaining({ code: 'log/incomplete' }))
  })
})
