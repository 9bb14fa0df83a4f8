import { expect, test } from 'vitest'
import { decisionWords, moveOf, rankWords, riskOf, specialtyWords } from './caseWords.ts'

test('a rank says its place, and of how many', () => {
  expect(rankWords({ rank: 3, total: 1041 })).toBe('3rd of 1,041')
  expect(rankWords({ rank: 1, total: 2 })).toBe('1st of 2')
})

test('a move since the ranking before is up when the case has become more urgent than others', () => {
  expect([7, 4, 2, null].map((before) => moveOf({ rank: 4, before }))).toEqual([
    { way: 'up', words: 'Up 3' },
    { way: 'same', words: 'Same place' },
    { way: 'down', words: 'Down 2' },
    undefined,
  ])
})

test('a low risk of somebody who was not measured is not green', () => {
  expect(riskOf({ band: 'low', missing: [] })).toEqual({ words: 'Low risk', tone: 'good' })
  expect(riskOf({ band: 'low', missing: ['pulse'] })).toEqual({ words: 'Low risk as far as known', tone: 'rest' })
  expect(riskOf({ band: 'high', missing: ['pulse'] }).tone).toBe('bad')
})

test('a decision is told with the score that it stands above', () => {
  expect(decisionWords({ decision: 'raised', computed: 25 })).toBe('Raised by a clinician, computed 25')
  expect(decisionWords({ decision: 'none', computed: 25 })).toBeUndefined()
  expect(specialtyWords('general-surgery')).toBe('General surgery')
})
