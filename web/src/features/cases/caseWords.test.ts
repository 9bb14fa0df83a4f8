import { expect, test } from 'vitest'
import { decisionWords, rankWords, riskOf, specialtyWords } from './caseWords.ts'

const nowS = Date.UTC(2026, 10, 21, 12) / 1000

test('a rank says its place, of how many, and as of when', () => {
  expect(rankWords({ round: 'r', rank: 3, total: 1041, rankedAtS: nowS - 3_600, before: null, hasChanged: false }, nowS)).toMatch(
    /^3rd of 1,041, as of \d{1,2}:\d{2}( [AP]M)?$/i,
  )
  expect(rankWords({ round: 'r', rank: 1, total: 2, rankedAtS: nowS - 3 * 86_400, before: 1, hasChanged: true }, nowS)).toMatch(
    /^1st of 2, as of .*18.*\d{1,2}:\d{2}/,
  )
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
