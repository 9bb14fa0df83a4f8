import { expect, test } from 'vitest'
import { backoffMs } from './backoffMs.ts'

test('tries grow further apart, and never further than 20 seconds', () => {
  expect([0, 1, 2, 10, 1000].map((attempt) => backoffMs(attempt, () => 1))).toEqual([500, 1000, 2000, 20_000, 20_000])
})

test('no try comes at once', () => {
  expect(backoffMs(0, () => 0)).toBe(250)
})
