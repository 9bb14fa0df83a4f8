import { expect, test } from 'vitest'
import { historyOf } from './historyOf.ts'

const decision = {
  kind: 'raised',
  score: 80,
  reason: 'He looks grey.',
  by: '0x1',
  atS: 30,
  sawVersion: 'v',
  sawFloor: 25,
  sawScore: 25,
} as const

test('what was computed and decided stands in one order, the newest first', () => {
  const entries = historyOf({
    history: [{ scoredAtS: 10, version: 'v', score: 24, floor: 24 }],
    decisions: [decision, { ...decision, kind: 'confirmed', score: 57, reason: '', atS: 50 }],
    urgency: { score: 57, scoredAtS: 40 },
  })
  expect(entries.map(({ kind, score, isNow }) => [kind, score, isNow])).toEqual([
    ['confirmed', 57, false],
    ['computed', 57, true],
    ['raised', 80, false],
    ['computed', 24, false],
  ])
})

test('a decision stands above the score of the same second that it was made upon', () => {
  const entries = historyOf({ history: [], decisions: [decision], urgency: { score: 25, scoredAtS: 30 } })
  expect(entries.map(({ kind }) => kind)).toEqual(['raised', 'computed'])
})
