import { describe, expect, test } from 'vitest'
import { toChartUnit } from './ucum.ts'

describe('toChartUnit', () => {
  test.each([
    ['temperature', 98.6, '[degF]', 37],
    ['temperature', 310.15, 'K', 37],
    ['temperature', 38.1, 'Cel', 38.1],
    ['systolicPressure', 16, 'kPa', 120.01],
    ['systolicPressure', 120, 'mm[Hg]', 120],
    ['pulse', 72, '/min', 72],
    ['pulse', 72, '{beats}/min', 72],
    ['respiratoryRate', 14, '{Breaths}/min', 14],
    ['oxygenSaturation', 0.97, '1', 97],
    ['inhaledFlow', 500, 'mL/min', 0.5],
    ['lactate', 18.016, 'mg/dL', 2],
    ['neutrophils', 450, '{cells}/uL', 0.45],
  ] as const)('%s of %s %s is %s', (dimension, value, unit, expected) => {
    expect(toChartUnit(dimension, value, unit)).toBeCloseTo(expected, 2)
  })

  test.each([
    ['temperature', 'F'],
    ['temperature', 'cel'],
    ['temperature', '%'],
    ['systolicPressure', 'mmHg'],
    ['systolicPressure', 'mm[hg]'],
    ['pulse', 'bpm'],
    ['pulse', ''],
    ['oxygenSaturation', 'kPa'],
    ['lactate', 'toString'],
  ] as const)('error: %s in "%s" is refused, never guessed', (dimension, unit) => {
    expect(toChartUnit(dimension, 37, unit)).toBeUndefined()
  })
})
