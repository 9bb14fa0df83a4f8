import * as z from 'zod'
import { UCUM } from '../urgency/codes.ts'
import { type Coding, codingsOf, nameOf } from './coding.ts'
import { type Span, spanOf } from './spans.ts'
import type { Verdict } from './verdict.ts'

/** What an observation, or a component of one, says. A measured number is from `from` to `to`, which are the same unless a device says "below". */
export type SaidValue =
  | {
      readonly kind: 'quantity'
      readonly from: Edge
      readonly to: Edge /** UCUM; undefined when it has none. */
      readonly unit: string | undefined
    }
  | { readonly kind: 'concept'; readonly codings: readonly Coding[] }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'other' }

/** An end of a number's range, and whether it is inside. */
export type Edge = { readonly value: number; readonly isIn: boolean }

/** One value of a record. */
export type Observed = {
  readonly source: string
  readonly codings: readonly Coding[]
  readonly value: SaidValue
  /** In words. */ readonly said: string
  /** When it was, as far as its date tells. */ readonly span: Span
  /** `unknown` while it is preliminary. */ readonly certainty: Verdict
}

const COUNTS = new Set(['final', 'amended', 'corrected'])
const date = z.string().optional().catch(undefined)
const observationSchema = z.object({
  resourceType: z.literal('Observation'),
  status: z.string(),
  effectiveDateTime: date,
  effectiveInstant: date,
  effectivePeriod: z.object({ start: date, end: date }).optional().catch(undefined),
  issued: date,
  component: z.array(z.unknown()).optional().catch(undefined),
})
const quantitySchema = z.object({
  value: z.number(),
  comparator: z.enum(['<', '<=', '>=', '>']).optional(),
  unit: z.string().optional().catch(undefined),
  system: z.string().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
})
const partSchema = z.object({
  code: z.unknown().optional(),
  valueQuantity: z.unknown().optional(),
  valueInteger: z.int().optional().catch(undefined),
  valueCodeableConcept: z.unknown().optional(),
  valueBoolean: z.boolean().optional().catch(undefined),
})

/**
 * The values of an observation and of its components: none when nothing was measured, or when it is withdrawn or not made yet.
 * @param source - Names it in the evidence.
 */
export function readObserved(resource: unknown, source: string): readonly Observed[] | 'unreadable' {
  const parsed = observationSchema.safeParse(resource)
  if (!parsed.success) return 'unreadable'
  const { status, component = [] } = parsed.data
  const certainty = COUNTS.has(status) ? 'met' : status === 'preliminary' ? 'unknown' : undefined
  if (certainty === undefined) return []
  const span = whenOf(parsed.data)
  return [resource, ...component].flatMap((part) => {
    const read = partSchema.safeParse(part)
    const value = read.success ? readValue(part, read.data) : undefined
    return !read.success || value === undefined
      ? []
      : [{ source, codings: codingsOf(read.data.code), value, said: inWords(value), span, certainty }]
  })
}

function whenOf({ effectiveDateTime, effectiveInstant, effectivePeriod, issued }: z.output<typeof observationSchema>): Span {
  const moment = spanOf(effectiveDateTime) ?? spanOf(effectiveInstant)
  if (moment !== undefined) return moment
  const [start, end] = [spanOf(effectivePeriod?.start), spanOf(effectivePeriod?.end)]
  if (start !== undefined || end !== undefined)
    return { fromMs: start?.fromMs ?? -Infinity, toMs: end?.toMs ?? spanOf(issued)?.toMs ?? Infinity }
  return { fromMs: -Infinity, toMs: spanOf(issued)?.toMs ?? Infinity }
}

/** Undefined when there is no value of any type. */
function readValue(part: unknown, read: z.output<typeof partSchema>): SaidValue | undefined {
  if (read.valueQuantity !== undefined) return quantityOf(read.valueQuantity)
  if (read.valueInteger !== undefined) {
    const edge = { value: read.valueInteger, isIn: true }
    return { kind: 'quantity', from: edge, to: edge, unit: '1' }
  }
  if (read.valueCodeableConcept !== undefined) return { kind: 'concept', codings: codingsOf(read.valueCodeableConcept) }
  if (read.valueBoolean !== undefined) return { kind: 'boolean', value: read.valueBoolean }
  const isSilent =
    typeof part !== 'object' ||
    part === null ||
    !Object.entries(part).some(([field, value]) => field.startsWith('value') && value !== undefined)
  return isSilent ? undefined : { kind: 'other' }
}

function quantityOf(input: unknown): SaidValue {
  const parsed = quantitySchema.safeParse(input)
  if (!parsed.success) return { kind: 'other' }
  const { value, comparator, system, code } = parsed.data
  return {
    kind: 'quantity',
    from: comparator?.startsWith('<') ? { value: -Infinity, isIn: false } : { value, isIn: comparator !== '>' },
    to: comparator?.startsWith('>') ? { value: Infinity, isIn: false } : { value, isIn: comparator !== '<' },
    unit: system === UCUM && code !== '' ? code : undefined,
  }
}

function inWords(value: SaidValue): string {
  switch (value.kind) {
    case 'quantity': {
      const { from, to, unit = 'in no unit of UCUM' } = value
      const number = from.value === -Infinity ? `${to.isIn ? 'at most' : 'below'} ${to.value}` : `${from.value}`
      const text = to.value === Infinity ? `${from.isIn ? 'at least' : 'above'} ${from.value}` : number
      return `${text} ${unit}`
    }
    case 'concept':
      return value.codings[0] === undefined ? 'an answer without a code' : nameOf(value.codings[0])
    case 'boolean':
      return value.value ? 'yes' : 'no'
    default:
      return 'a value of a kind that is not compared'
  }
}
