import type { StatisticsQuestion } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { learntFrom, questionWords } from './questionWords.ts'

const pressure = { kind: 'observation', loinc: '8480-6', unit: 'mm[Hg]' } as const
const range = { min: 0, max: 300, decimals: 0 }
const question = (change: Partial<StatisticsQuestion>): StatisticsQuestion => ({
  field: pressure,
  measure: { kind: 'mean', range },
  cohort: {},
  ...change,
})

test('a question is one sentence', () => {
  expect(questionWords(question({}))).toBe('Mean of systolic blood pressure in mmHg')
  expect(questionWords(question({ cohort: { ageDecade: [6, 7], gender: [0] } }))).toBe(
    'Mean of systolic blood pressure in mmHg, aged 60-69 or 70-79, sex female',
  )
  expect(questionWords(question({ privacy: { epsilonMilli: 500 } }))).toBe('Mean of systolic blood pressure in mmHg, with noise')
  expect(questionWords(question({ measure: { kind: 'variance', range } }))).toBe('Variance of systolic blood pressure in mmHg, squared')
  expect(
    questionWords(question({ field: { kind: 'people' }, measure: { kind: 'crossTable', rows: 'ageDecade', columns: 'gender' } })),
  ).toBe('Number of people by age and sex')
  expect(questionWords(question({ measure: { kind: 'count' } }))).toBe('Number of people with a value of systolic blood pressure')
  expect(questionWords(question({ field: { kind: 'observation', loinc: '1-8', unit: 'mg' } }))).toBe('Mean of LOINC 1-8 in mg')
})

test('it is said before asking what all will learn, small groups included', () => {
  expect(learntFrom('mean').learnt.join(' ')).toContain('the mean of all hospitals’ people together')
  expect(learntFrom('mean').learnt.join(' ')).toContain('fewer than 20 people')
  expect(learntFrom('histogram').learnt.join(' ')).toContain('Cells below 20 people are withheld')
  expect(learntFrom('mean', true).learnt.join(' ')).toContain(
    'the mean of all hospitals’ people together. Values beyond the range count as its end. Not exactly',
  )
  expect(learntFrom('count', true).learnt.join(' ')).not.toContain('together, exactly')
  expect(learntFrom('count').hidden.join(' ')).not.toContain('Withheld')
})
