import { UrgencyError } from './errors.ts'
import {
  type Consciousness,
  exactly,
  isPlausible,
  type Measure,
  type OxygenScale,
  PARAMETERS,
  type Parameter,
  type Span,
} from './vitals.ts'

/** A complete set of observations, taken at one time. Units: breaths and beats a minute, percent, mm[Hg], degrees Celsius. */
export type Vitals = {
  readonly respiratoryRate: number
  readonly oxygenSaturation: number
  readonly oxygenScale: OxygenScale
  readonly oxygen: boolean
  readonly systolicPressure: number
  readonly pulse: number
  readonly consciousness: Consciousness
  readonly temperature: number
}

/** Clinical risk: `low-medium` is a total below 5 with a red score in it. */
export type Band = 'low' | 'low-medium' | 'medium' | 'high'

/** Points of each parameter, their sum (0-20), the parameters that alone have 3, and the clinical risk. */
export type News2 = {
  readonly points: { readonly [P in Parameter]: number }
  readonly total: number
  readonly red: readonly Parameter[]
  readonly band: Band
}

/** Bands of the chart from the lowest up: last value of a band, and its points. */
type Row = readonly (readonly [last: number, points: number])[]
// biome-ignore format: one row of the chart a line
const ROWS: { readonly [M in 'respiratoryRate' | 'systolicPressure' | 'pulse' | 'temperatureTenths']: Row } = {
  respiratoryRate: [[8, 3], [11, 1], [20, 0], [24, 2], [Infinity, 3]],
  systolicPressure: [[90, 3], [100, 2], [110, 1], [219, 0], [Infinity, 3]],
  pulse: [[40, 3], [50, 1], [90, 0], [110, 1], [130, 2], [Infinity, 3]],
  temperatureTenths: [[350, 3], [360, 1], [380, 0], [390, 1], [Infinity, 2]],
}
// biome-ignore format: one row of the chart a line
const SATURATION: { readonly [K in 'scale1' | 'scale2Air' | 'scale2Oxygen']: Row } = {
  scale1: [[91, 3], [93, 2], [95, 1], [Infinity, 0]],
  scale2Air: [[83, 3], [85, 2], [87, 1], [Infinity, 0]],
  scale2Oxygen: [[83, 3], [85, 2], [87, 1], [92, 0], [94, 1], [96, 2], [Infinity, 3]],
}

/** Points for breathing oxygen. */
export const OXYGEN_POINTS = 2
/** Points that are a red score. */
export const RED_POINTS = 3
/** Highest points of a parameter. */
export const worstPoints = (parameter: Parameter): number => (parameter === 'oxygen' ? OXYGEN_POINTS : RED_POINTS)

/**
 * The National Early Warning Score 2 of a complete set of observations. For people of 16 and over who are not pregnant.
 * @throws {UrgencyError} A number is none, or cannot have been measured (`LIMITS`).
 * @source Royal College of Physicians. National Early Warning Score (NEWS) 2. London: RCP, 2017, charts 1 and 2.
 * @example
 * news2({ respiratoryRate: 22, oxygenSaturation: 95, oxygenScale: 1, oxygen: true, systolicPressure: 108, pulse: 112,
 *   consciousness: 'alert', temperature: 38.4 }) // total 9 (2 + 1 + 2 + 1 + 2 + 0 + 1), band 'high'
 */
export function news2(vitals: Vitals): News2 {
  const { oxygen, oxygenScale } = vitals
  return summarise({
    respiratoryRate: measurePoints('respiratoryRate', checked('respiratoryRate', vitals.respiratoryRate)),
    oxygenSaturation: saturationPoints(checked('oxygenSaturation', vitals.oxygenSaturation), oxygenScale, oxygen),
    oxygen: oxygen ? OXYGEN_POINTS : 0,
    systolicPressure: measurePoints('systolicPressure', checked('systolicPressure', vitals.systolicPressure)),
    pulse: measurePoints('pulse', checked('pulse', vitals.pulse)),
    consciousness: consciousnessPoints(vitals.consciousness),
    temperature: measurePoints('temperature', checked('temperature', vitals.temperature)),
  })
}

/** Total, red scores and risk of these points. */
export function summarise(points: News2['points']): News2 {
  const total = PARAMETERS.reduce((sum, parameter) => sum + points[parameter], 0)
  const red = PARAMETERS.filter((parameter) => points[parameter] === RED_POINTS)
  return { points, total, red, band: bandOf(total, red.length > 0) }
}

/** Clinical risk of a total, with or without a red score in it. */
export function bandOf(total: number, hasRed: boolean): Band {
  if (total >= 7) return 'high'
  if (total >= 5) return 'medium'
  return hasRed ? 'low-medium' : 'low'
}

/** Points of a number. Of a span, and of a value between two steps of the chart, the worst that it may be. */
export function measurePoints(measure: 'respiratoryRate' | 'systolicPressure' | 'pulse' | 'temperature', span: Span): number {
  if (measure === 'temperature') return worstOf(ROWS.temperatureTenths, { from: 10 * span.from, to: 10 * span.to })
  return worstOf(ROWS[measure], span)
}

/** Points of the saturation. On scale 2 too much oxygen scores as well. */
export function saturationPoints(span: Span, scale: OxygenScale, oxygen: boolean): number {
  if (scale === 1) return worstOf(SATURATION.scale1, span)
  return worstOf(oxygen ? SATURATION.scale2Oxygen : SATURATION.scale2Air, span)
}

export const consciousnessPoints = (level: Consciousness): number => (level === 'alert' ? 0 : RED_POINTS)

/** Every row falls to 0 and then rises, so the worst of a span is at one of its ends. */
function worstOf(row: Row, { from, to }: Span): number {
  return Math.max(pointsAt(row, Math.floor(clean(from))), pointsAt(row, Math.ceil(clean(to))))
}

function pointsAt(row: Row, value: number): number {
  return row.find(([last]) => value <= last)?.[1] ?? RED_POINTS
}

/** Takes off what binary fractions and unit conversion add: 38.1 is 381 tenths, not 381.00000000000006. */
const clean = (value: number): number => Math.round(value * 1e6) / 1e6

function checked(measure: Measure, value: number): Span {
  const span = exactly(value)
  if (!isPlausible(measure, span)) throw new UrgencyError('urgency/not-a-vital', measure)
  return span
}
