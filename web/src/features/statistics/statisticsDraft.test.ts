import { COHORT_FIELDS, statisticsQuestionSchema } from '@medsync/protocol'
import { checkQuestion } from '@medsync/protocol/sharing'
import { expect, test } from 'vitest'
import { AGE, FIELDS } from './fields.ts'
import {
  edgesOf,
  measuresOf,
  newStatisticsDraft,
  problemsOfStatistics,
  questionOf,
  type StatisticsDraft,
  withField,
} from './statisticsDraft.ts'

const draft = (change: Partial<StatisticsDraft> = {}): StatisticsDraft => ({ ...newStatisticsDraft(), ...change })

test('what the form starts with can be asked', () => {
  expect(problemsOfStatistics(draft())).toEqual({})
  expect(questionOf(draft())).toEqual({
    field: { kind: 'observation', loinc: '8480-6', unit: 'mm[Hg]' },
    measure: { kind: 'mean', range: { min: 40, max: 300, decimals: 0 } },
    cohort: {},
  })
})

test('every usual field with every measure it offers is a question that hospitals take', () => {
  for (const field of ['people', 'age', ...FIELDS.map(({ loinc }) => loinc)]) {
    for (const measure of measuresOf(field)) {
      const asked = { ...withField(draft(), field), measure }
      expect([field, measure, problemsOfStatistics(asked)]).toEqual([field, measure, {}])
      const question = statisticsQuestionSchema.parse(questionOf(asked))
      if (question.measure.kind !== 'crossTable')
        expect(() => checkQuestion(question.measure as Parameters<typeof checkQuestion>[0])).not.toThrow()
    }
  }
  expect(AGE.bins.step).toBe(10)
})

test('bins are whole steps, without the rests of binary fractions', () => {
  expect(edgesOf({ binsFrom: '0', binsTo: '0,3', binsStep: '0.1' })).toEqual([0, 0.1, 0.2, 0.3])
  expect(edgesOf({ binsFrom: '0', binsTo: '10', binsStep: '3' })).toBeUndefined()
  expect(edgesOf({ binsFrom: '0', binsTo: '1000', binsStep: '1' })).toBeUndefined()
})

test('a restriction names its bins in order, and one to everybody is none', () => {
  expect(questionOf(draft({ ageDecade: [7, 6], gender: [0] })).cohort).toEqual({ ageDecade: [6, 7], gender: [0] })
  expect(questionOf(draft({ gender: COHORT_FIELDS.gender.map((_, bin) => bin) })).cohort).toEqual({})
})

test('people can only be counted, and a field brings its own range and bins', () => {
  expect(withField(draft({ measure: 'mean' }), 'people').measure).toBe('count')
  expect(withField(draft(), 'age')).toMatchObject({ min: '0', max: '130', binsStep: '10' })
})

test('an exact question says nothing of noise; one with noise says how much', () => {
  expect(questionOf(draft())).not.toHaveProperty('privacy')
  const question = questionOf(draft({ epsilonMilli: 250 }))
  expect(statisticsQuestionSchema.parse(question)).toMatchObject({ privacy: { epsilonMilli: 250 } })
  const wide = draft({ measure: 'sum', min: '0', max: '220000000', decimals: '3' })
  expect(problemsOfStatistics(wide)).toEqual({})
  expect(problemsOfStatistics({ ...wide, epsilonMilli: 100 }).max).toMatch('too wide')
})

test('error: what cannot be asked is named before it is sent', () => {
  expect(problemsOfStatistics(draft({ field: 'other', loinc: 'pulse', unit: 'a b' }))).toMatchObject({
    loinc: expect.any(String),
    unit: expect.any(String),
  })
  expect(problemsOfStatistics(draft({ min: '10', max: '5' })).max).toBe('Give a number above the lowest value.')
  expect(problemsOfStatistics(draft({ min: 'x' })).min).toBe('Give a number.')
  expect(problemsOfStatistics(draft({ decimals: '12' })).decimals).toBe('From 0 to 9.')
  expect(problemsOfStatistics(draft({ measure: 'variance', max: '999999999', decimals: '5' })).max).toMatch('too wide')
  expect(problemsOfStatistics(draft({ measure: 'crossTable', rows: 'gender', columns: 'gender' })).columns).toBe(
    'Choose two different fields.',
  )
  expect(problemsOfStatistics(draft({ measure: 'histogram', binsStep: '7' })).binsStep).toMatch('whole bins')
})
