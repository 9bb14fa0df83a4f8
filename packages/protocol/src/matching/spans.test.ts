import { describe, expect, test } from 'vitest'
import { before, completed, dayOf, reaches, spanOf } from './spans.ts'

const ms = (text: string) => Date.parse(text)
const span = (from: string, to: string) => ({ fromMs: ms(from), toMs: ms(to) })

describe('dates', () => {
  test.each([
    ['2024', '2024-01-01', '2025-01-01'],
    ['2024-02', '2024-02-01', '2024-03-01'],
    ['2023-12', '2023-12-01', '2024-01-01'],
    ['2024-02-29', '2024-02-29', '2024-03-01'],
  ])('%s is any moment of it', (text, from, to) => {
    expect(spanOf(text)).toEqual(span(from, to))
  })

  test.each(['2023-02-29', '2024-02-30', '2024-13', '2024-00-01', '24-01-01', '2024-1-1', '2024-01-01T10:00:00', 'today', '', 2024, null])(
    'error: %s is no date',
    (text) => {
      expect(spanOf(text)).toBeUndefined()
    },
  )

  test('a moment with a zone is that moment', () => {
    expect(spanOf('2024-01-01T00:30:00+01:00')?.fromMs).toBe(ms('2023-12-31T23:30:00Z'))
    expect(dayOf('2024-01-01T00:30:00Z')).toBeUndefined()
    expect(dayOf('2024-01')).toBeUndefined()
  })

  test('months and years go by the calendar', () => {
    expect(before(ms('2026-03-31'), { count: 1, unit: 'mo' })).toBe(ms('2026-02-28'))
    expect(before(ms('2024-02-29'), { count: 1, unit: 'a' })).toBe(ms('2023-02-28'))
    expect(before(ms('2026-01-15'), { count: 14, unit: 'mo' })).toBe(ms('2024-11-15'))
    expect(before(ms('2026-01-15'), { count: 2, unit: 'wk' })).toBe(ms('2026-01-01'))
  })

  test.each([
    ['2008-11-21', '2026-11-21', 'a', 18],
    ['2008-11-22', '2026-11-21', 'a', 17],
    ['2008-02-29', '2026-02-28', 'a', 17],
    ['2008-02-29', '2026-03-01', 'a', 18],
    ['2026-10-31', '2026-11-30', 'mo', 0],
    ['2026-10-21', '2026-11-21', 'mo', 1],
    ['2026-11-01', '2026-11-21', 'wk', 2],
    ['2026-11-01', '2026-11-21', 'd', 20],
  ] as const)('who was born on %s is on %s so many %s old: %s', (born, on, unit, age) => {
    expect(completed(ms(born), ms(on), unit)).toBe(age)
  })

  test('what began at some time of a year may or may not reach into a month of it', () => {
    const march = span('2024-03-01', '2024-04-01')
    const year = span('2024-01-01', '2025-01-01')
    const ever = { fromMs: Infinity, toMs: Infinity }
    expect(reaches({ start: year, end: ever }, march)).toBe('unknown')
    expect(reaches({ start: span('2023-01-01', '2024-01-01'), end: ever }, march)).toBe('met')
    expect(reaches({ start: span('2023-01-01', '2024-01-01'), end: span('2023-05-01', '2024-03-01') }, march)).toBe('not-met')
    expect(reaches({ start: span('2023-01-01', '2024-01-01'), end: year }, march)).toBe('unknown')
    expect(reaches({ start: span('2024-04-01', '2024-04-02'), end: ever }, march)).toBe('not-met')
  })
})
