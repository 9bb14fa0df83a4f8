import { type CircleMember, organisationId } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { standingOf } from './standingOf.ts'

const member: CircleMember = {
  executor: 'ab'.repeat(32),
  organisation: organisationId('0x1'),
  name: 'Mercy',
  kind: 'hospital',
  standing: 'active',
  isKeeper: false,
  isActive: true,
  isOurs: false,
  canReceive: true,
}

test.each([
  [{}, 'Takes part'],
  [{ canReceive: false }, 'Waiting for its key'],
  [{ standing: 'suspended', canReceive: false }, 'Suspended'],
  [{ standing: null, canReceive: false }, 'Not on the chain'],
  [{ isActive: false }, 'Removed'],
] as const)('a member that is %o: %s', (change, words) => {
  expect(standingOf({ ...member, ...change })[1]).toBe(words)
})
