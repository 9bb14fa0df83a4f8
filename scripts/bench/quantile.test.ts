import { expect, test } from 'vitest'
import { quantile } from './quantile.ts'

test('the median is the value that half of all do not exceed', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2)
  expect(quantile([5], 0.95)).toBe(5)
  expect(
    quantile(
      Array.from({ length: 100 }, (_, index) => 100 - index),
      0.95,
    ),
  ).toBe(95)
})

test('error: of nothing there is none', () => {
  expect(quantile([], 0.5)).toBeNaN()
})
