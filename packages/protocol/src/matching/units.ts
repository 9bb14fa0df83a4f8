import { LOINC } from '../urgency/codes.ts'
import type { Coding } from './coding.ts'

/** A unit as a number of base units. What stands above and below the line is kept apart: mmol/mol is not a percentage. */
type Unit = { readonly factor: number; readonly above: string; readonly below: string }

type Dimensions = Readonly<Record<string, number>>
type Atom = { readonly factor: number; readonly of: Dimensions; readonly isMetric: boolean }

const metric = (factor: number, of: Dimensions): Atom => ({ factor, of, isMetric: true })
const plain = (factor: number, of: Dimensions): Atom => ({ factor, of, isMetric: false })

const LITRE = { m: 3 }
const PRESSURE = { g: 1, m: -1, s: -2 }
/**
 * Units of which others are made. Arbitrary ones ([IU], U as enzymes are measured, eq) convert into themselves only.
 * @source The Unified Code for Units of Measure, tables 1 to 12 (ucum.org).
 */
const ATOMS = new Map<string, Atom>([
  ['m', metric(1, { m: 1 })],
  ['g', metric(1, { g: 1 })],
  ['s', metric(1, { s: 1 })],
  ['mol', metric(1, { mol: 1 })],
  ['L', metric(1e-3, LITRE)],
  ['l', metric(1e-3, LITRE)],
  ['Pa', metric(1e3, PRESSURE)],
  ['m[Hg]', metric(133_322e3, PRESSURE)],
  ['U', metric(1, { U: 1 })],
  ['[IU]', metric(1, { IU: 1 })],
  ['[iU]', metric(1, { IU: 1 })],
  ['eq', metric(1, { eq: 1 })],
  ['osm', metric(1, { osm: 1 })],
  ['min', plain(60, { s: 1 })],
  ['h', plain(3_600, { s: 1 })],
  ['d', plain(86_400, { s: 1 })],
  ['wk', plain(604_800, { s: 1 })],
  ['mo', plain(2_629_800, { s: 1 })],
  ['a', plain(31_557_600, { s: 1 })],
  ['%', plain(0.01, {})],
  ['[pH]', plain(1, { pH: 1 })],
  ['[lb_av]', plain(453.592_37, { g: 1 })],
  ['[oz_av]', plain(28.349_523_125, { g: 1 })],
  ['[in_i]', plain(0.0254, { m: 1 })],
  ['[ft_i]', plain(0.3048, { m: 1 })],
])
const PREFIXES = new Map([
  ['G', 1e9],
  ['M', 1e6],
  ['k', 1e3],
  ['h', 1e2],
  ['d', 1e-1],
  ['c', 1e-2],
  ['m', 1e-3],
  ['u', 1e-6],
  ['n', 1e-9],
  ['p', 1e-12],
  ['f', 1e-15],
])
/** Temperatures do not start at the same zero, so they are no multiples of each other. Kelvin first. */
const TEMPERATURES = new Map<string, { toKelvin(value: number): number; fromKelvin(value: number): number }>([
  ['K', { toKelvin: (value) => value, fromKelvin: (value) => value }],
  ['Cel', { toKelvin: (value) => value + 273.15, fromKelvin: (value) => value - 273.15 }],
  ['[degF]', { toKelvin: (value) => ((value + 459.67) * 5) / 9, fromKelvin: (value) => (value * 9) / 5 - 459.67 }],
])

const GLUCOSE = 180.156
const CHOLESTEROL = 386.65
const CREATININE = 113.12
const LACTATE = 90.08
/** Grams in a mole of what a LOINC code measures: only of these is mg/dL the same as some mmol/L. */
const MOLAR_MASSES = new Map([
  ['2345-7', GLUCOSE], // Glucose [Mass/volume] in Serum or Plasma
  ['2339-0', GLUCOSE], // ... in Blood
  ['14749-6', GLUCOSE], // Glucose [Moles/volume] in Serum or Plasma
  ['2093-3', CHOLESTEROL], // Cholesterol [Mass/volume] in Serum or Plasma
  ['2085-9', CHOLESTEROL], // Cholesterol in HDL [Mass/volume] in Serum or Plasma
  ['18262-6', CHOLESTEROL], // Cholesterol in LDL [Mass/volume] in Serum or Plasma by Direct assay
  ['2160-0', CREATININE], // Creatinine [Mass/volume] in Serum or Plasma
  ['38483-4', CREATININE], // Creatinine [Mass/volume] in Blood
  ['14682-9', CREATININE], // Creatinine [Moles/volume] in Serum or Plasma
  ['2524-7', LACTATE], // Lactate [Moles/volume] in Serum or Plasma
])

/**
 * A number in another unit, or undefined when no known rule leads there: a unit is never guessed.
 * @param from - UCUM, case-sensitive; annotations count for nothing.
 * @param measured - What is measured, where that is known: tells the molar mass.
 * @example
 * toUnit(37, 'Cel', '[degF]')                                                                // 98.6
 * toUnit(90, 'mg/dL', 'mmol/L', [{ system: 'http://loinc.org', code: '2345-7' }])            // 4.9956...: glucose
 * toUnit(90, 'mg/dL', 'mmol/L')                                                              // undefined
 */
export function toUnit(value: number, from: string, to: string, measured: readonly Coding[] = []): number | undefined {
  const [source, target] = [from, to].map((code) => code.replaceAll(/\{[^{}]*\}/g, ''))
  if (source === undefined || target === undefined || from === '' || to === '') return undefined
  if (source === target) return value
  const [kelvin, degrees] = [TEMPERATURES.get(source), TEMPERATURES.get(target)]
  if (kelvin !== undefined && degrees !== undefined) return precise(degrees.fromKelvin(kelvin.toKelvin(value)))
  const factor = factorBetween(readUnit(source), readUnit(target), measured)
  return factor === undefined ? undefined : precise(value * factor)
}

/** Whether a unit can be converted at all. */
export function isKnownUnit(code: string): boolean {
  const unit = code.replaceAll(/\{[^{}]*\}/g, '')
  return code !== '' && (TEMPERATURES.has(unit) || readUnit(unit) !== undefined)
}

function factorBetween(from: Unit | undefined, to: Unit | undefined, measured: readonly Coding[]): number | undefined {
  if (from === undefined || to === undefined || from.below !== to.below) return undefined
  const ratio = from.factor / to.factor
  if (from.above === to.above) return ratio
  const mass = measured.flatMap(({ system, code }) => (system === LOINC ? (MOLAR_MASSES.get(code) ?? []) : []))[0]
  if (mass === undefined) return undefined
  if (from.above === 'g1' && to.above === 'mol1') return ratio / mass
  return from.above === 'mol1' && to.above === 'g1' ? ratio * mass : undefined
}

/** Twelve digits: so that 98.6 [degF] is 37 Cel and not a hair more. */
const precise = (value: number): number => Number(value.toPrecision(12))

/** Undefined for what is not known here; brackets are not. */
function readUnit(code: string): Unit | undefined {
  const terms = code.split(/(?=[./])/)
  let factor = 1
  const above: Record<string, number> = {}
  const below: Record<string, number> = {}
  for (const [place, term] of terms.entries()) {
    const isBelow = term.startsWith('/')
    const text = term.replace(/^[./]/, '')
    // "/min", and what annotations left behind: "/", "mL//h"
    if (text === '') continue
    if (place > 0 && !/^[./]/.test(term)) return undefined
    const part = readTerm(text)
    if (part === undefined) return undefined
    factor *= isBelow ? 1 / part.factor : part.factor
    for (const [name, power] of Object.entries(part.of)) {
      const signed = isBelow ? -power : power
      const side = signed > 0 ? above : below
      side[name] = (side[name] ?? 0) + Math.abs(signed)
    }
  }
  return { factor, above: signatureOf(above), below: signatureOf(below) }
}

function readTerm(text: string): { factor: number; of: Dimensions } | undefined {
  const ten = /^10[*^](-?\d{1,2})$/.exec(text)
  if (ten !== null) return { factor: 10 ** Number(ten[1]), of: {} }
  if (/^[1-9]\d{0,8}$/.test(text)) return { factor: Number(text), of: {} }
  const [, name = '', exponent = '1'] = /^(.*?[^\d+-])([+-]?\d)?$/.exec(text) ?? []
  const atom = ATOMS.get(name) ?? prefixed(name)
  if (atom === undefined || Number(exponent) === 0) return undefined
  const power = Number(exponent)
  return { factor: atom.factor ** power, of: Object.fromEntries(Object.entries(atom.of).map(([base, each]) => [base, each * power])) }
}

function prefixed(name: string): Atom | undefined {
  const prefix = PREFIXES.get(name.slice(0, 1))
  const atom = ATOMS.get(name.slice(1))
  return prefix === undefined || atom === undefined || !atom.isMetric ? undefined : { ...atom, factor: atom.factor * prefix }
}

const signatureOf = (powers: Dimensions): string =>
  Object.entries(powers)
    .map(([name, power]) => `${name}${power}`)
    .sort()
    .join('.')
