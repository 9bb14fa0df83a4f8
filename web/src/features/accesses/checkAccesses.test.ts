import {
  type Access,
  type EntryDetails,
  entryDigest,
  felt,
  logGenesis,
  newSalt,
  nextHead,
  slugToOrganisationId,
  ZERO,
} from '@medsync/protocol'
import { expect, test } from 'vitest'
import { isTold, proofOf } from './checkAccesses.ts'

const mercy = slugToOrganisationId('mercy')
const details: EntryDetails = {
  kind: 'refusal',
  hospital: mercy,
  patient: felt(9),
  grantee: slugToOrganisationId('northgate'),
  study: 1,
  request: 2,
  purposeIndex: 36,
  commitment: felt(7),
  decision: 'revoked',
  categories: [],
  dataFromS: 0,
  dataToS: 0,
  resourceCount: 0,
  releaseSha256: '',
}

function entry(index: number): Access {
  const salt = newSalt()
  const digest = entryDigest(details, salt)
  return {
    index,
    hospital: mercy,
    kind: 2,
    digest,
    loggedAtS: 1000 + index,
    transaction: felt(5),
    details,
    salt,
    reward: null,
    token: null,
  }
}

const list = [entry(1), entry(2), entry(3)]
const genesis = logGenesis(felt(1), felt(2), felt(9))
const log = { count: 3, head: list.reduce(nextHead, genesis), genesis }

test('a whole list is proven whole', () => {
  expect(proofOf(list, log)).toEqual({ state: 'whole', count: 3 })
  expect(proofOf([], { count: 0, head: ZERO, genesis })).toEqual({ state: 'whole', count: 0 })
})

test('error: an entry that is kept back is noticed', () => {
  expect(proofOf(list.slice(0, 2), log)).toEqual({ state: 'broken', count: 2, chainCount: 3 })
})

test('error: an entry whose story was changed is noticed', () => {
  const [first] = list
  expect(isTold(first!)).toBe(true)
  expect(isTold({ ...first!, details: { ...details, decision: 'expired' } })).toBe(false)
  expect(isTold({ ...first!, details: null, salt: null })).toBeUndefined()
})
