import { expect, test } from 'vitest'
import { canInvite } from './canInvite.ts'

test('only who fits, lives, has an account and was not asked yet can be invited', () => {
  const match = { verdict: 'met', isDeceased: false, isLinked: true, invitation: null } as Parameters<typeof canInvite>[0]
  expect(canInvite(match)).toBe(true)
  for (const change of [{ verdict: 'unknown' }, { isDeceased: true }, { isLinked: false }, { invitation: 'declined' }] as const)
    expect(canInvite({ ...match, ...change })).toBe(false)
})
