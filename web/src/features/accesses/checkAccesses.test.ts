import {
  type Access,
  type EntryDetails,
  entryDigest,
  felt,
  newSalt,
  singleLeaf,
  slugToOrganisationId,
  treeRoot,
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
    reference: 2,
    digest,
    loggedAtS: 1000 + index,
    transaction: felt(5),
    details,
    salt,
    reward: null,
    token: null,
    dispute: null,
  }
}

const list = [entry(1), entry(2), entry(3)]
const place = { chainId: felt(1), accessLog: felt(2), patient: felt(9) }
const log = { count: 3, root: treeRoot(list.map((each) => singleLeaf(place, each))), place }

test('a whole list is proven whole', () => {
  expect(proofOf(list, log, 0)).toEqual({ state: 'whole', count: 3, batchCount: 0 })
  expect(proofOf([], { count: 0, root: ZERO, place }, 2)).toEqual({ state: 'whole', count: 0, batchCount: 2 })
})

test('error: an entry that is kept back is noticed', () => {
  expect(proofOf(list.slice(0, 2), log, 0)).toEqual({ state: 'broken', count: 2, chainCount: 3 })
})

test('error: an entry of which anything was changed is noticed, its request as well', () => {
  const broken = { state: 'broken', count: 3, chainCount: 3 }
  for (const change of [{ reference: 3 }, { kind: 3 }, { digest: felt(1) }, { loggedAtS: 1 }, { hospital: felt(1) }]) {
    expect(proofOf([list[0]!, { ...list[1]!, ...change }, list[2]!], log, 0)).toEqual(broken)
  }
  expect(proofOf([list[1]!, list[0]!, list[2]!], log, 0)).toEqual(broken)
})

test('error: an entry whose story was changed is noticed', () => {
  const [first] = list
  expect(isTold(first!)).toBe(true)
  expect(isTold({ ...first!, details: { ...details, decision: 'expired' } })).toBe(false)
  expect(isTold({ ...first!, details: null, salt: null })).toBeUndefined()
})
