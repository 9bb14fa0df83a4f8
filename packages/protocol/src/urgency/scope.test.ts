import { describe, expect, test } from 'vitest'
import { news2OutOfScope } from './scope.ts'

const at = (date: string) => Date.parse(`${date}T00:00:00Z`) / 1_000

describe('news2OutOfScope', () => {
  test.each([
    ['2010-06-15', '2026-06-14', 'under-16'],
    ['2010-06-15', '2026-06-15', undefined],
    ['2010-06', '2026-06-29', 'under-16'],
    ['2010-06', '2026-06-30', undefined],
    ['2010', '2026-12-30', 'under-16'],
    ['2010', '2026-12-31', undefined],
    [undefined, '2026-01-01', 'age-unknown'],
    ['long ago', '2026-01-01', 'age-unknown'],
  ])('born %s, on %s: %s', (bornOn, date, expected) => {
    expect(news2OutOfScope({ bornOn, isPregnant: false }, at(date))).toBe(expected)
  })

  test('a pregnant adult is out of scope', () => {
    expect(news2OutOfScope({ bornOn: '1990-01-01', isPregnant: true }, at('2026-01-01'))).toBe('pregnant')
  })
})
