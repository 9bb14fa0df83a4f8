import * as z from 'zod'
import { levelOf, type Meaning, meaningOf, UCUM } from './codes.ts'
import { type Dimension, toChartUnit } from './ucum.ts'
import { isPlausible, LIMITS, type Measure, type Quality, type Readings, type Span } from './vitals.ts'

/** Why a value was not taken. */
export type Refusal = 'unreadable' | 'no-time' | 'in-future' | 'unknown-unit' | 'unknown-answer' | 'outside-limits'

/** One thing that an observation says, or says so that it cannot be taken. `atS` is undefined when its time is not known. */
export type Reading = { readonly source: string; readonly atS: number | undefined } & (
  | { readonly [Q in Quality]: { readonly quality: Q; readonly value: Readings[Q] } }[Quality]
  | { readonly quality: Quality; readonly refusal: Refusal }
)

const codings = z.object({ coding: z.array(z.object({ system: z.string().optional(), code: z.string().optional() })).optional() })
const quantitySchema = z.object({
  value: z.number(),
  comparator: z.enum(['<', '<=', '>=', '>']).optional(),
  system: z.string().optional(),
  code: z.string().optional(),
})
type Quantity = z.output<typeof quantitySchema>
const questionSchema = z.object({ code: codings })
const answerSchema = z.object({ valueCodeableConcept: codings })
const valuesSchema = z.object({ valueQuantity: quantitySchema.optional(), valueCodeableConcept: codings.optional() })

/**
 * All that is read of an observation. What is not named here (subject's name, performer, extensions for race and sex, notes) is not even looked at.
 */
const observationSchema = z.object({
  resourceType: z.literal('Observation'),
  id: z.string().optional(),
  status: z.string(),
  code: codings,
  effectiveDateTime: z.string().optional().catch(undefined),
  effectiveInstant: z.string().optional().catch(undefined),
  effectivePeriod: z.object({ start: z.string().optional(), end: z.string().optional() }).optional().catch(undefined),
  issued: z.string().optional().catch(undefined),
  component: z.array(z.unknown()).optional().catch(undefined),
})
type Observation = z.output<typeof observationSchema>

/** Others are not yet measured, or withdrawn. */
const STANDING = new Set(['final', 'amended', 'corrected', 'preliminary'])
const DATE_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?$/
/** Room air has 20.9 % oxygen. */
const ROOM_AIR_PERCENT = 21

/**
 * What a resource says that urgency is scored from: nothing for most, several for a panel. Never throws: what cannot be taken is a refusal that
 * names the observation.
 * @param position - Place in the list, from 0; names an observation that has no id.
 */
export function readObservation(resource: unknown, position: number): Reading[] {
  const parsed = observationSchema.safeParse(resource)
  if (!parsed.success || !STANDING.has(parsed.data.status)) return []
  const observation = parsed.data
  const place = { source: observation.id ?? `#${position}`, atS: timeOf(observation) }
  return [resource, ...(observation.component ?? [])].flatMap((part) => readPart(part, place))
}

function readPart(part: unknown, place: { source: string; atS: number | undefined }): Reading[] {
  const meaning = meaningOfQuestion(part) ?? meaningOfAnswer(part)
  if (meaning === undefined) return []
  const values = valuesSchema.safeParse(part)
  if (!values.success) return [{ ...place, quality: meaning.quality, refusal: 'unreadable' }]
  const said = readValue(meaning, values.data, isSilent(part))
  if (said === undefined) return []
  if (place.atS === undefined) return [{ ...place, quality: meaning.quality, refusal: 'no-time' }]
  return [{ ...place, ...said } as Reading] // a meaning's quality and its value belong together: `readValue` sees to it
}

function meaningOfQuestion(part: unknown): Meaning | undefined {
  const question = questionSchema.safeParse(part)
  return question.success ? meaningOf(question.data.code.coding ?? []) : undefined
}

/** Some code "inspired oxygen" locally and answer it with a known code. */
function meaningOfAnswer(part: unknown): Meaning | undefined {
  const answer = answerSchema.safeParse(part)
  const meaning = answer.success ? meaningOf(answer.data.valueCodeableConcept.coding ?? []) : undefined
  return meaning?.kind === 'oxygen' ? meaning : undefined
}

type Said = { quality: Quality; value: Readings[Quality] } | { quality: Quality; refusal: Refusal }

/** Undefined when nothing was measured: then the value is missing, not implausible. */
function readValue(meaning: Meaning, values: z.output<typeof valuesSchema>, silent: boolean): Said | undefined {
  const { quality } = meaning
  if (meaning.kind === 'oxygen') return { quality, value: meaning.answer }
  if (meaning.kind === 'consciousness') {
    const level = levelOf(values.valueCodeableConcept?.coding ?? [])
    if (level !== undefined) return { quality, value: level }
    return silent ? undefined : { quality, refusal: 'unknown-answer' }
  }
  if (values.valueQuantity !== undefined) return readQuantity(meaning, values.valueQuantity)
  return silent ? undefined : { quality, refusal: 'unreadable' }
}

/** Whether a part has no value of any type. */
function isSilent(part: unknown): boolean {
  return !Object.keys(part as object).some((field) => field.startsWith('value'))
}

function readQuantity({ quality, dimension }: { quality: Quality; dimension: Dimension }, quantity: Quantity): Said {
  const value = quantity.system === UCUM ? toChartUnit(dimension, quantity.value, quantity.code ?? '') : undefined
  if (value === undefined) return { quality, refusal: 'unknown-unit' }
  if (dimension === 'inhaledConcentration' || dimension === 'inhaledFlow') return readOxygen(dimension, value)
  const span = spanOf(dimension, value, quantity.comparator)
  return isPlausible(dimension, span) ? { quality, value: span } : { quality, refusal: 'outside-limits' }
}

function readOxygen(dimension: 'inhaledConcentration' | 'inhaledFlow', value: number): Said {
  const isFlow = dimension === 'inhaledFlow'
  if (value < (isFlow ? 0 : 20) || value > 100) return { quality: 'oxygen', refusal: 'outside-limits' }
  return { quality: 'oxygen', value: value > (isFlow ? 0 : ROOM_AIR_PERCENT) }
}

/** A device that shows "< 70" has measured something between its kind's limit and 70. */
function spanOf(measure: Measure, value: number, comparator: Quantity['comparator']): Span {
  const rounded = Math.round(value * 1e6) / 1e6
  if (comparator?.startsWith('<')) return { from: LIMITS[measure].from, to: rounded }
  if (comparator?.startsWith('>')) return { from: rounded, to: LIMITS[measure].to }
  return { from: rounded, to: rounded }
}

/** When it was measured, seconds: the end of a period; a bare date is its first second, UTC. Undefined for a year, a month, and what is no time. */
function timeOf(observation: Observation): number | undefined {
  const { effectiveDateTime, effectiveInstant, effectivePeriod, issued } = observation
  const text = effectiveDateTime ?? effectiveInstant ?? effectivePeriod?.end ?? effectivePeriod?.start ?? issued
  const ms = text !== undefined && DATE_TIME.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1_000)
}
