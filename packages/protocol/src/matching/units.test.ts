import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toChartUnit } from '../urgency/ucum.ts'
import { isKnownUnit, toUnit } from './units.ts'

const of = (code: string) => [{ system: 'http://loinc.org', code }]

describe('toUnit', () => {
  test.each([
    [1, 'g/L', 'mg/dL', 100],
    [13.5, 'g/dL', 'g/L', 135],
    [1, 'kPa', 'mm[Hg]', 7.50062],
    [6.2, '10*3/uL', '10*9/L', 6.2],
    [6_200, '/uL', '10*9/L', 6.2],
    [6_200, '{cells}/uL', '10*3/uL', 6.2],
    [70, 'kg', '[lb_av]', 154.3236],
    [70, '[in_i]', 'cm', 177.8],
    [98.6, '[degF]', 'Cel', 37],
    [310.15, 'K', 'Cel', 37],
    [60, '/min', '/s', 1],
    [60, '/min', 's-1', 1],
    [2, 'u[IU]/mL', 'm[IU]/L', 2],
    [90, 'mL/min/{1.73_m2}', 'mL/min', 90],
    [2, 'meq/L', 'eq/L', 0.002],
    [0.4, '1', '%', 40],
    [24, 'kg/m2', 'g/cm2', 2.4],
    [1, 'h', 'min', 60],
  ])('%s %s in %s... is %s', (value, from, to, expected) => {
    expect(toUnit(value, from, to)).toBeCloseTo(expected, 3)
  })

  test('mass and amount convert only for what has a known molar mass', () => {
    expect(toUnit(100, 'mg/dL', 'mmol/L', of('2345-7'))).toBeCloseTo(5.551, 3)
    expect(toUnit(5.551, 'mmol/L', 'mg/dL', of('2345-7'))).toBeCloseTo(100.006, 2)
    expect(toUnit(200, 'mg/dL', 'mmol/L', of('2093-3'))).toBeCloseTo(5.1726, 3)
    expect(toUnit(1, 'mg/dL', 'umol/L', of('2160-0'))).toBeCloseTo(88.4, 1)
    expect(toUnit(100, 'mg/dL', 'mmol/L', of('9999-9'))).toBeUndefined()
    expect(toUnit(100, 'mg/dL', 'mmol/L', [{ system: 'local', code: '2345-7' }])).toBeUndefined()
  })

  test.each([
    ['mmol/mol', '%'], // HbA1c by IFCC is not HbA1c in percent
    ['mg/g', '%'],
    ['U/L', '[IU]/L'],
    ['mg/dL', 'mg'],
    ['Cel', '%'],
    ['F', '[degF]'],
    ['mmHg', 'mm[Hg]'],
    ['MG/DL', 'mg/dL'],
    ['', 'mg/dL'],
    ['mg/dL', ''],
    ['toString', 'mg'],
    ['mg//dL2/', 'mg/dL'],
    ['(mg)/dL', 'mg/dL'],
    ['pH', '[pH]'],
  ])('error: %s is never guessed to be %s', (from, to) => {
    expect(toUnit(37, from, to)).toBeUndefined()
  })

  test('an unknown unit is the same as itself, and nothing else', () => {
    expect(toUnit(3, 'pH', 'pH')).toBe(3)
    expect(isKnownUnit('pH')).toBe(false)
    expect(['mg/dL', '%', '{score}', 'Cel', '10*3/uL', 'a'].every(isKnownUnit)).toBe(true)
  })

  test('agrees with the units of urgency', () => {
    const lactate = of('2524-7')
    expect(toUnit(18.016, 'mg/dL', 'mmol/L', lactate)).toBeCloseTo(toChartUnit('lactate', 18.016, 'mg/dL') ?? 0, 9)
    expect(toUnit(16, 'kPa', 'mm[Hg]')).toBeCloseTo(toChartUnit('systolicPressure', 16, 'kPa') ?? 0, 9)
    expect(toUnit(98.6, '[degF]', 'Cel')).toBeCloseTo(toChartUnit('temperature', 98.6, '[degF]') ?? 0, 9)
    expect(toUnit(450, '/uL', '10*9/L')).toBeCloseTo(toChartUnit('neutrophils', 450, '/uL') ?? 0, 9)
  })

  test('there and back is the same number', () => {
    const units = fc.constantFrom('g/L', 'mg/dL', 'ug/mL', 'kg/m3', 'ng/L')
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e6, noNaN: true }), units, units, (value, one, other) => {
        const back = toUnit(toUnit(value, one, other) ?? Number.NaN, other, one) ?? Number.NaN
        expect(back / value).toBeCloseTo(1, 9)
      }),
      { seed: 6 },
    )
  })
})
