import { expect, test } from 'vitest'
import { dayToS, formatDistance, formatMoment, formatTimeOfDay, sToDay } from './formatTime.ts'

test('a distance is told in the largest unit that fits', () => {
  const nowS = 1_800_000_000
  expect(formatDistance(nowS - 20, nowS)).toBe('just now')
  expect(formatDistance(nowS - 90, nowS)).toBe('1 minute ago')
  expect(formatDistance(nowS + 3 * 3600, nowS)).toBe('in 3 hours')
  expect(formatDistance(nowS + 10 * 86_400, nowS)).toBe('in 10 days')
  expect(formatDistance(nowS - 365 * 86_400, nowS)).toBe('11 months ago')
  expect(formatDistance(nowS - 3 * 366 * 86_400, nowS)).toBe('3 years ago')
})

test('a day of a date input and its seconds turn into each other', () => {
  const day = '2026-11-20'
  expect(sToDay(dayToS(day) ?? 0)).toBe(day)
  expect(sToDay(0)).toBe('')
})

test('error: a day that does not exist is no day', () => {
  expect(dayToS('2026-02-30')).toBeUndefined()
  expect(dayToS('')).toBeUndefined()
  expect(dayToS('20.11.2026')).toBeUndefined()
})

test.each([2 ** 53 - 1, 2 ** 64, -(2 ** 64)])('a time that no calendar has, %d seconds, is the last or first day there is', (timeS) => {
  for (const text of [formatMoment(timeS, 'en'), sToDay(timeS)]) expect(text).toMatch(/27\d{4}/)
  expect(formatTimeOfDay(timeS, 0, 'en')).toMatch(/:/)
})
