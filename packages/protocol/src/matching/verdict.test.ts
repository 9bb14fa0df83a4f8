import { describe, expect, test } from 'vitest'
import { allOf, anyOf, not, type Verdict } from './verdict.ts'

/** Kleene's tables, written out: rows and columns met, unknown, not-met. */
const VERDICTS = ['met', 'unknown', 'not-met'] as const
const AND = [
  ['met', 'unknown', 'not-met'],
  ['unknown', 'unknown', 'not-met'],
  ['not-met', 'not-met', 'not-met'],
] as const
const OR = [
  ['met', 'met', 'met'],
  ['met', 'unknown', 'unknown'],
  ['met', 'unknown', 'not-met'],
] as const

describe('three-valued verdicts', () => {
  const pairs = VERDICTS.flatMap((one, row) =>
    VERDICTS.map((other, column): [Verdict, Verdict, number, number] => [one, other, row, column]),
  )
  test.each(pairs)('%s and, or %s are as in the tables', (one, other, row, column) => {
    expect(allOf([one, other])).toBe(AND[row]?.[column])
    expect(anyOf([one, other])).toBe(OR[row]?.[column])
  })

  test('of none all are met, and none is', () => {
    expect([allOf([]), anyOf([])]).toEqual(['met', 'not-met'])
  })

  test('the opposite of unknown is unknown', () => {
    expect(VERDICTS.map(not)).toEqual(['not-met', 'unknown', 'met'])
  })
})
