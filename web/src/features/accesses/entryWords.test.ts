import { purposeOf } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { emergencyReason, kindOf } from './entryWords.ts'

test('an emergency tells its reason in plain words, and its code for who wants to look it up', () => {
  expect(emergencyReason({ reference: purposeOf('BTG').index })).toBe('An emergency in which nobody can be asked (BTG)')
  expect(emergencyReason({ reference: purposeOf('ERTREAT').index })).toBe('Treating you in an emergency room (ERTREAT)')
})

test('what only a newer version knows is named as it is, not guessed', () => {
  expect(kindOf({ kind: 3 })).toBe('emergency')
  expect(kindOf({ kind: 9 })).toBeUndefined()
  expect(emergencyReason({ reference: 999 })).toBe('Reason number 999')
})
