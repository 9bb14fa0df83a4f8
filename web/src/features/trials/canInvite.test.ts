import { expect, test } from 'vitest'
import { canInvite, inviteFirst } from './canInvite.ts'

test('only who fits, lives, has an account and was not asked yet can be invited', () => {
  const match = { verdict: 'met', isDeceased: false, isLinked: true, invitation: null } as Parameters<typeof canInvite>[0]
  expect(canInvite(match)).toBe(true)
  for (const change of [{ verdict: 'unknown' }, { isDeceased: true }, { isLinked: false }, { invitation: 'declined' }] as const)
    expect(canInvite({ ...match, ...change })).toBe(false)
})

test('those who can be invited stand before the others, which keep their order', () => {
  const match = (record: number, isLinked: boolean) => ({ record, verdict: 'met', isDeceased: false, isLinked, invitation: null })
  const matches = [match(1, false), match(2, true), match(3, false), match(4, true)] as unknown as Parameters<typeof inviteFirst>[0]
  expect(inviteFirst(matches).map(({ record }) => record)).toEqual([2, 4, 1, 3])
})
