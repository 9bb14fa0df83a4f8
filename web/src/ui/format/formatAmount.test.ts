import { expect, test } from 'vitest'
import { formatAmount, formatDigits, parseAmount } from './formatAmount.ts'

const strk = { symbol: 'STRK', decimals: 18 }

test('an amount is written with the decimals of its token', () => {
  expect(formatAmount(1_234_500_000_000_000_000n, strk, { locale: 'en' })).toBe('1.2345 STRK')
})

test('no digit of a large amount is lost to floating point', () => {
  expect(formatDigits(123_456_789_012_345_678_901_234_567_890n, 6, { locale: 'en' })).toBe('123,456,789,012,345,678,901,234.56789')
})

test('an amount is rounded down, so nobody is shown more than there is', () => {
  expect(formatDigits(1_999_999_999n, 9, { places: 2, locale: 'en' })).toBe('1.99')
})

test('an amount too small to show is not shown as nothing', () => {
  expect(formatAmount(1n, strk, { locale: 'en' })).toBe('< 0.000001 STRK')
  expect(formatAmount(0n, strk, { locale: 'en' })).toBe('0 STRK')
})

test('a token without decimals has none', () => {
  expect(formatDigits(42n, 0, { locale: 'en' })).toBe('42')
})

test('what people type is read exactly, with a point or a comma', () => {
  expect(parseAmount('2.5', 18)).toBe(2_500_000_000_000_000_000n)
  expect(parseAmount('2,5', 18)).toBe(2_500_000_000_000_000_000n)
  expect(parseAmount(' 1000 ', 0)).toBe(1000n)
  expect(parseAmount('.5', 1)).toBe(5n)
})

test('error: what is no amount is not guessed at', () => {
  for (const text of ['', '.', '-1', '1e3', '0x10', '1.2.3', 'one', '1 000']) expect(parseAmount(text, 18)).toBeUndefined()
  expect(parseAmount('0.001', 2)).toBeUndefined()
})
