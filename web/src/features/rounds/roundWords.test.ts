import { organisationId, type StatisticsQuestion } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { reasonWords, roundSlug, stepWords, timeLeftWords, titleOf } from './roundWords.ts'

test('the time that is left is told in the unit that fits, and an end that has passed is none', () => {
  expect([90, 100, 400, 10_000].map((deadlineS) => timeLeftWords(deadlineS, 60))).toEqual([
    '30 s left',
    '40 s left',
    '6 min left',
    '3 h left',
  ])
  expect(timeLeftWords(60, 60)).toBeUndefined()
})

test('a statistics round is called by its question, so that two are told apart; a ranking by its own part of the id', () => {
  const question: StatisticsQuestion = { field: { kind: 'age' }, measure: { kind: 'histogram', edges: [0, 50, 100] }, cohort: {} }
  const round = `${'a'.repeat(64)}.0123456789ab`
  expect(titleOf({ round, kind: 'statistics', question })).toBe('Histogram of age in years')
  expect(titleOf({ round, kind: 'ranking', question: null })).toBe('Ranking of cases 01234567')
})

test('a reason says what happened and names whom it is about', () => {
  const reason = { code: 'rounds/missing', organisations: [organisationId('0x1'), organisationId('0x2')], note: '' }
  const { what, hint } = reasonWords(reason, (id) => (id === organisationId('0x1') ? 'Mercy' : 'Lakeside'))
  expect(what).toBe('A hospital did not contribute in time, and the round cannot go on without it. It is about Mercy and Lakeside.')
  expect(hint).toContain('open a new round')
})

test('error: a code, a step and an id of a newer version are shown as they are', () => {
  expect(reasonWords({ code: 'rounds/new', organisations: [], note: 'x' }, String).what).toBe(
    'The round was given up (rounds/new). Note: “x”',
  )
  expect(stepWords('dance')).toBe('dance')
  expect(roundSlug(`${'a'.repeat(64)}.0123456789`)).toBe('01234567')
})
