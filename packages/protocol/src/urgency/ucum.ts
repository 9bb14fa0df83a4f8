import type { Measure } from './vitals.ts'

/** What is read as a quantity: the measures, and what tells whether oxygen is given. */
export type Dimension = Measure | 'inhaledConcentration' | 'inhaledFlow'

const PERCENT_OF_ONE = 100
/** mm[Hg] in a kPa: UCUM defines m[Hg] as 133.322 kPa. */
const MMHG_IN_KPA = 1 / 0.133322
/** mg of lactate in a mmol, tenths for mg/dL: 90.08 g/mol. */
const LACTATE_MG_DL = 9.008

const same = (value: number): number => value
const perMinute = { '/min': same, '1/min': same, 'min-1': same, '/s': (value: number) => 60 * value }
const percent = { '%': same, '1': (value: number) => PERCENT_OF_ONE * value }

/** Units that each dimension may come in, and the way to the one that the chart uses. */
const CONVERSIONS: { readonly [D in Dimension]: { readonly [unit: string]: (value: number) => number } } = {
  respiratoryRate: perMinute,
  pulse: perMinute,
  oxygenSaturation: percent,
  inhaledConcentration: percent,
  inhaledFlow: { 'L/min': same, 'l/min': same, 'mL/min': (value) => value / 1_000, 'ml/min': (value) => value / 1_000 },
  systolicPressure: { 'mm[Hg]': same, kPa: (value) => value * MMHG_IN_KPA },
  temperature: { Cel: same, '[degF]': (value) => ((value - 32) * 5) / 9, K: (value) => value - 273.15 },
  lactate: { 'mmol/L': same, 'mmol/l': same, 'mg/dL': (value) => value / LACTATE_MG_DL, 'mg/dl': (value) => value / LACTATE_MG_DL },
  neutrophils: {
    '10*9/L': same,
    '10*9/l': same,
    '10*3/uL': same,
    '10*3/ul': same,
    '/uL': (value) => value / 1_000,
    '/ul': (value) => value / 1_000,
  },
}

/**
 * A quantity in the unit that MedSync scores in, or undefined when the unit is none that this dimension can come in: a unit is never guessed,
 * not from its display text and not from the size of the number.
 * @param code - UCUM, case-sensitive. Annotations count for nothing: `{beats}/min` is `/min`.
 * @source The Unified Code for Units of Measure (ucum.org).
 * @example
 * toChartUnit('temperature', 98.6, '[degF]') // 37
 * toChartUnit('temperature', 98.6, 'F')      // undefined: in UCUM that is a farad
 */
export function toChartUnit(dimension: Dimension, value: number, code: string): number | undefined {
  const conversions = CONVERSIONS[dimension]
  const unit = code.replaceAll(/\{[^{}]*\}/g, '')
  return Object.hasOwn(conversions, unit) ? conversions[unit]?.(value) : undefined
}
