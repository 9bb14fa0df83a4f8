import type { StatisticsMeasure } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { epsilonWords, expectedWords, noisedWords } from './privacyWords.ts'

test('a number with noise is told no finer than the noise allows', () => {
  expect(noisedWords(128.3941, 2.31)).toEqual({ value: '128.4', error: '±2.4' })
  expect(noisedWords(31, 8)).toEqual({ value: '31', error: '±8' })
  expect(noisedWords(-3, 49)).toEqual({ value: '−3', error: '±49' })
  expect(noisedWords(1234567.8, 3_210)).toEqual({ value: '1,234,568', error: '±3,210' })
  expect(noisedWords(0.12345, 0.0341)).toEqual({ value: '0.123', error: '±0.035' })
  expect(noisedWords(31.5, 8)).toEqual({ value: '31.5', error: '±8.0' })
  expect(noisedWords(5, 0)).toEqual({ value: '5', error: '±0' })
})

test('what an epsilon means is said in people, or in the unit of the answer', () => {
  const field = { kind: 'observation', loinc: '8480-6', unit: 'mm[Hg]' } as const
  const words = (measure: StatisticsMeasure, epsilonMilli: number) => expectedWords({ field, measure }, { epsilonMilli, hospitals: 3 })
  expect(words({ kind: 'count' }, 1_000)).toBe('within ±5 people')
  expect(words({ kind: 'histogram', edges: [0, 1, 2] }, 1_000)).toBe('within ±5 people in each bin')
  expect(words({ kind: 'crossTable', rows: 'gender', columns: 'ageDecade' }, 100)).toMatch(/^within ±50 people in each cell$/)
  const range = { min: 40, max: 300, decimals: 0 }
  expect(words({ kind: 'mean', range }, 1_000)).toMatch(/^within ±1\.\d mmHg, for 1,000 people$/)
  expect(words({ kind: 'variance', range }, 1_000)).toMatch(/^within ±[\d,.]+ mmHg, squared, for 1,000 people$/)
  expect(words({ kind: 'sum', range }, 1_000)).toMatch(/^within ±[\d,]+ mmHg$/)
})

test('thousandths of epsilon are said as epsilon', () => {
  expect([100, 250, 2_000].map(epsilonWords)).toEqual(['0.1', '0.25', '2'])
})
