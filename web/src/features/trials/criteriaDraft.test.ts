import { parseCriteria } from '@medsync/protocol/matching'
import { expect, test } from 'vitest'
import {
  CRITERION_KINDS,
  type CriterionDraft,
  type CriterionKind,
  groupOf,
  newCriterion,
  problemOfCriterion,
  wordsOfCriteria,
} from './criteriaDraft.ts'
import { draftsOf } from './draftsOf.ts'

const row = (kind: CriterionKind, change: Partial<CriterionDraft> = {}): CriterionDraft => ({ ...newCriterion(kind, []), ...change })
const all: CriterionDraft[] = [
  row('age', { id: 0, min: '18', max: '65' }),
  row('sex', { id: 1, sex: 'male' }),
  row('condition', { id: 2, codes: '59621000, 44054006', within: '5' }),
  row('observation', { id: 3, min: '140', max: '' }),
  row('medication', { id: 4, codes: '308136', isExcluded: true }),
]

test('the rows of the form are criteria that hospitals can read, in words that say the same', () => {
  expect(all.map(problemOfCriterion)).toEqual(all.map(() => undefined))
  expect(parseCriteria(groupOf(all))).toHaveLength(CRITERION_KINDS.length)
  const words = wordsOfCriteria(all)
  expect(words).toEqual([
    expect.stringContaining('age from 18 to 65 years'),
    expect.stringContaining('gender male'),
    expect.stringMatching(/condition .*59621000.* or .*44054006.*in the last 5 years/),
    expect.stringMatching(/Systolic blood pressure.* at least 140 mm\[Hg\], in the last 2 years/),
    expect.stringMatching(/^Left out: medication .*308136/),
  ])
})

test('criteria that were kept come back as the same rows', () => {
  expect(draftsOf(JSON.parse(JSON.stringify(groupOf(all))))).toEqual(all)
  expect(draftsOf({ resourceType: 'Group', characteristic: [{ odd: true }] })).toBeUndefined()
})

test('criteria of another making are not taken for one’s own', () => {
  const group = { ...groupOf(all), name: 'made elsewhere' }
  expect(draftsOf(group)).toBeUndefined()
})

test('error: rows that say nothing, or what cannot be, are named before they are sent', () => {
  expect(problemOfCriterion(row('age', { min: '', max: '' }))).toBe('Give a lowest or a highest value.')
  expect(problemOfCriterion(row('age', { min: '70', max: '60' }))).toBe('The lowest value is above the highest.')
  expect(problemOfCriterion(row('age', { min: 'old' }))).toBe('Give numbers, or leave one of them empty.')
  expect(problemOfCriterion(row('condition'))).toBe('Choose a code, or type one.')
  expect(problemOfCriterion(row('observation', { min: '1', loinc: 'pulse' }))).toMatch('LOINC')
  expect(problemOfCriterion(row('condition', { codes: '1', within: '0.5' }))).toMatch('whole number')
  expect(wordsOfCriteria([row('observation', { min: '1', unit: 'furlongs' })])).toEqual({ problem: expect.any(String) })
})
