import * as z from 'zod'
import { UCUM } from '../urgency/codes.ts'
import { genderOf, type Listed, topicOf, topicOfPresence } from './codes.ts'
import type { Coding } from './coding.ts'
import { MatchingError } from './errors.ts'
import { type Length, spanOf } from './spans.ts'
import { isKnownUnit, toUnit } from './units.ts'

/** When something has to have been: between two days, or within a length of time before the day of matching. Milliseconds, either end may be infinite. */
export type Window =
  | { readonly kind: 'between'; readonly fromMs: number; readonly toMs: number }
  | { readonly kind: 'within'; readonly length: Length }

/** Bounds of a number. */
export type Bounds = {
  readonly low: number
  readonly high: number
  /** Whether the bound itself is inside. */ readonly hasLow: boolean
  readonly hasHigh: boolean
}

/** What is asked of one characteristic. */
export type Asked =
  | { readonly topic: 'age'; readonly bounds: Bounds; readonly unit: Length['unit'] }
  | { readonly topic: 'gender' | 'birth-sex'; readonly genders: readonly string[] }
  | { readonly topic: Listed; readonly sought: readonly Coding[] }
  | { readonly topic: 'observation'; readonly codes: readonly Coding[]; readonly value: AskedValue }

/** What the value of an observation has to be. */
export type AskedValue =
  | { readonly kind: 'quantity'; readonly bounds: Bounds /** UCUM. */; readonly unit: string }
  | { readonly kind: 'concept'; readonly sought: readonly Coding[] }
  | { readonly kind: 'boolean'; readonly value: boolean }

/** One criterion of a study. */
export type Criterion = Asked & {
  /** Whether who meets it is left out. */ readonly isExcluded: boolean
  /** Undefined: on the day of matching; of observations the newest counts, of procedures any. */ readonly window: Window | undefined
}

/** All of these have to hold. */
export type Criteria = readonly Criterion[]

/** Extension of a characteristic: a `valueDuration`, how long before the day of matching at the most. FHIR R4 has no field for it. */
export const WITHIN = 'urn:medsync:within'

const MAX_CHARACTERISTICS = 50
const MAX_CODINGS = 50
const MAX_LETTERS = 300
/** More than anybody's life. */
const MAX_COUNT = 60_000

const text = z.string().min(1).max(MAX_LETTERS)
const conceptSchema = z.object({
  coding: z
    .array(z.object({ system: text, code: text, display: text.optional() }))
    .min(1)
    .max(MAX_CODINGS),
})
const quantitySchema = z.object({
  value: z.number(),
  comparator: z.enum(['<', '<=', '>=', '>']).optional(),
  system: z.literal(UCUM),
  code: text.refine(isKnownUnit, 'a UCUM unit that can be converted'),
})
type Quantity = z.output<typeof quantitySchema>
const boundSchema = quantitySchema.extend({ comparator: z.undefined().optional() })
const dateSchema = z.string().refine((date) => spanOf(date) !== undefined, 'a FHIR date')
const lengthSchema = z.object({
  value: z.int().min(1).max(MAX_COUNT),
  system: z.literal(UCUM),
  code: z.enum(['a', 'mo', 'wk', 'd']),
})
const extensionSchema = z.strictObject({ url: z.literal(WITHIN), valueDuration: lengthSchema.loose() })

const characteristicSchema = z.strictObject({
  id: z.string().optional(),
  code: conceptSchema,
  valueCodeableConcept: conceptSchema.optional(),
  valueBoolean: z.boolean().optional(),
  valueQuantity: quantitySchema.optional(),
  valueRange: z.object({ low: boundSchema.optional(), high: boundSchema.optional() }).optional(),
  exclude: z.boolean(),
  period: z.object({ start: dateSchema.optional(), end: dateSchema.optional() }).optional(),
  extension: z.array(extensionSchema).max(1).optional(),
})
type Characteristic = z.output<typeof characteristicSchema>

const groupSchema = z.object({
  resourceType: z.literal('Group'),
  type: z.literal('person'),
  /** A description, no list of people. */
  actual: z.literal(false),
  characteristic: z.array(z.unknown()).min(1).max(MAX_CHARACTERISTICS),
})

/**
 * Reads a study's criteria from a FHIR R4 `Group` that describes people. Strict: what is not understood is refused, for a criterion that is passed over
 * would let people in whom the study must not have.
 * @throws {MatchingError} Naming the characteristic, from 1, and what of it.
 */
export function parseCriteria(group: unknown): Criteria {
  const parsed = groupSchema.safeParse(group)
  if (!parsed.success) throw new MatchingError('matching/not-a-group', issuesOf(parsed.error))
  return parsed.data.characteristic.map((each, place) => {
    const name = `characteristic ${place + 1}`
    const characteristic = characteristicSchema.safeParse(each)
    if (!characteristic.success) throw new MatchingError('matching/criterion-unreadable', `${name}: ${issuesOf(characteristic.error)}`)
    const read = readCharacteristic(characteristic.data)
    if (typeof read === 'string') throw new MatchingError('matching/criterion-unreadable', `${name}: ${read}`)
    return read
  })
}

/** Where, and what was expected there; never what stood there. */
function issuesOf(error: z.ZodError): string {
  return error.issues
    .map(({ path, message, code, ...rest }) => {
      const unknown = code === 'unrecognized_keys' && 'keys' in rest ? 'fields that are not known' : message
      return `${path.join('.') || 'the whole'}: ${unknown}`
    })
    .slice(0, 3)
    .join('; ')
}

/** A text says what is wrong. */
function readCharacteristic(characteristic: Characteristic): Criterion | string {
  const values = Object.entries(characteristic).filter(([field, value]) => field.startsWith('value') && value !== undefined)
  if (values.length !== 1) return 'exactly one value is needed'
  const window = readWindow(characteristic)
  if (typeof window === 'string') return window
  const asked =
    characteristic.valueBoolean === undefined ? readValued(characteristic) : readPresence(characteristic, characteristic.valueBoolean)
  if (typeof asked === 'string') return asked
  if (window !== undefined && (asked.topic === 'age' || asked.topic === 'gender' || asked.topic === 'birth-sex'))
    return 'age and sex are those of the day of matching: leave period and extension out'
  // "is not so" and "is so, excluded" are the same, but not for observations that are true or false themselves.
  const isDenied = asked.topic !== 'observation' && characteristic.valueBoolean === false
  return { ...asked, isExcluded: characteristic.exclude !== isDenied, window }
}

function readWindow({ period, extension }: Characteristic): Window | undefined | string {
  const within = extension?.[0]?.valueDuration
  if (within !== undefined && period !== undefined) return 'give a period or a length of time, not both'
  if (within !== undefined) return { kind: 'within', length: { count: within.value, unit: within.code } }
  if (period === undefined) return undefined
  const [start, end] = [spanOf(period.start), spanOf(period.end)]
  if (start === undefined && end === undefined) return 'period: it has neither start nor end'
  const window = { kind: 'between' as const, fromMs: start?.fromMs ?? -Infinity, toMs: end?.toMs ?? Infinity }
  return window.fromMs < window.toMs ? window : 'period: it ends before it starts'
}

function readPresence({ code }: Characteristic, value: boolean): Asked | string {
  const topic = topicOfPresence(code.coding)
  if (topic === 'observation') return { topic, codes: code.coding, value: { kind: 'boolean', value } }
  if (topic === 'condition' || topic === 'medication') return { topic, sought: code.coding }
  return 'code: codings of one kind are needed, of SNOMED CT, ICD-10, RxNorm, ATC or LOINC'
}

function readValued(characteristic: Characteristic): Asked | string {
  const topic = topicOf(characteristic.code.coding)
  switch (topic) {
    case undefined:
      return 'code: it is none that is known here'
    case 'age':
      return readAge(characteristic)
    case 'gender':
    case 'birth-sex':
      return readGenders(topic, characteristic)
    case 'observation':
      return readObserved(characteristic)
    default: {
      const sought = characteristic.valueCodeableConcept?.coding
      return sought === undefined ? `value: a ${topic} is a concept` : { topic, sought }
    }
  }
}

function readGenders(topic: 'gender' | 'birth-sex', { valueCodeableConcept }: Characteristic): Asked | string {
  const genders = (valueCodeableConcept?.coding ?? []).map(genderOf)
  const known = genders.filter((gender) => gender !== undefined)
  if (known.length === 0 || known.length < genders.length) return 'value: a concept of administrative gender is needed'
  return { topic, genders: [...new Set(known)].sort() }
}

function readAge(characteristic: Characteristic): Asked | string {
  const bounded = readBounds(characteristic)
  if (typeof bounded === 'string') return bounded
  const unit = lengthSchema.shape.code.safeParse(bounded.unit)
  return unit.success ? { topic: 'age', bounds: bounded.bounds, unit: unit.data } : 'value: an age is in a, mo, wk or d'
}

function readObserved(characteristic: Characteristic): Asked | string {
  const codes = characteristic.code.coding
  if (characteristic.valueCodeableConcept !== undefined)
    return { topic: 'observation', codes, value: { kind: 'concept', sought: characteristic.valueCodeableConcept.coding } }
  const bounded = readBounds(characteristic)
  return typeof bounded === 'string' ? bounded : { topic: 'observation', codes, value: { kind: 'quantity', ...bounded } }
}

function readBounds({ valueRange, valueQuantity, code }: Characteristic): { bounds: Bounds; unit: string } | string {
  if (valueQuantity !== undefined) return { bounds: boundsOf(valueQuantity), unit: valueQuantity.code }
  const { low, high } = valueRange ?? {}
  const unit = low?.code ?? high?.code
  if (unit === undefined) return 'value: a quantity, or a range with low or high, is needed'
  const top = high === undefined ? Infinity : toUnit(high.value, high.code, unit, code.coding)
  if (top === undefined) return 'valueRange: low and high are in units that do not convert into each other'
  const bottom = low?.value ?? -Infinity
  return bottom <= top ? { bounds: { low: bottom, high: top, hasLow: true, hasHigh: true }, unit } : 'valueRange: low is above high'
}

function boundsOf({ value, comparator = '=' }: Omit<Quantity, 'comparator'> & { comparator?: string | undefined }): Bounds {
  const isBelow = comparator.startsWith('<')
  const isAbove = comparator.startsWith('>')
  return {
    low: isBelow ? -Infinity : value,
    high: isAbove ? Infinity : value,
    hasLow: comparator !== '>',
    hasHigh: comparator !== '<',
  }
}
