import * as z from 'zod'
import type { Listed } from './codes.ts'
import { type Coding, codingsOf } from './coding.ts'
import { type Extent, type Span, spanOf } from './spans.ts'
import type { Verdict } from './verdict.ts'

/** A condition, medication or procedure of a record. */
export type Entry = {
  /** Type and id of the resource. */ readonly source: string
  readonly codings: readonly Coding[]
  readonly extent: Extent
  /** `unknown`: the record itself says that it is not certain. Never `not-met`: what was not so is no entry. */ readonly certainty: Verdict
  /** Its status, as the resource says it. */ readonly status: string
}

const EVER: Span = { fromMs: -Infinity, toMs: Infinity }
const date = z.string().optional().catch(undefined)
const period = z.object({ start: date, end: date }).optional().catch(undefined)
const concept = z.unknown().optional()

const conditionSchema = z.object({
  resourceType: z.literal('Condition'),
  clinicalStatus: concept,
  verificationStatus: concept,
  code: concept,
  onsetDateTime: date,
  onsetPeriod: period,
  recordedDate: date,
  abatementDateTime: date,
  abatementPeriod: period,
  abatementAge: concept,
  abatementRange: concept,
  abatementString: concept,
})
const requestSchema = z.object({
  resourceType: z.literal('MedicationRequest'),
  status: z.string(),
  intent: z.string().optional(),
  doNotPerform: z.boolean().optional(),
  authoredOn: date,
})
const statementSchema = z.object({
  resourceType: z.enum(['MedicationStatement', 'MedicationAdministration']),
  status: z.string(),
  effectiveDateTime: date,
  effectivePeriod: period,
  dateAsserted: date,
})
const procedureSchema = z.object({
  resourceType: z.literal('Procedure'),
  status: z.string(),
  code: concept,
  performedDateTime: date,
  performedPeriod: period,
})

const ACTIVE = new Set(['active', 'recurrence', 'relapse'])
const OVER = new Set(['inactive', 'remission', 'resolved'])
const DENIED = new Set(['refuted', 'entered-in-error'])
const DOUBTFUL = new Set(['unconfirmed', 'provisional', 'differential'])

/** Which list a resource belongs to, whether it can be read or not. */
export const LIST_OF: ReadonlyMap<string, Listed> = new Map([
  ['Condition', 'condition'],
  ['MedicationRequest', 'medication'],
  ['MedicationStatement', 'medication'],
  ['MedicationAdministration', 'medication'],
  ['Procedure', 'procedure'],
])

/** What a resource says; undefined when it says that nothing was, or must not count (refuted, entered in error, not taken, a proposal). */
export type ReadEntry = Entry | 'unreadable' | undefined

/**
 * Reads a condition, a medication or a procedure.
 * @param source - Names it in the evidence.
 * @param day - The day of matching: what a record says is over, was over before it.
 * @param medicationOf - The codings of what a medication resource is about.
 */
export function readEntry(
  resource: { readonly resourceType: string },
  source: string,
  day: Span,
  medicationOf: (resource: object) => readonly Coding[],
): ReadEntry {
  switch (LIST_OF.get(resource.resourceType)) {
    case 'condition':
      return readCondition(resource, source, day)
    case 'medication':
      return resource.resourceType === 'MedicationRequest'
        ? readRequest(resource, source, day, medicationOf(resource))
        : readTaken(resource, source, day, medicationOf(resource))
    case 'procedure':
      return readProcedure(resource, source, day)
    default:
      return undefined
  }
}

function readCondition(resource: object, source: string, day: Span): ReadEntry {
  const parsed = conditionSchema.safeParse(resource)
  if (!parsed.success) return 'unreadable'
  const condition = parsed.data
  const [clinical, verification] = [condition.clinicalStatus, condition.verificationStatus].map((status) => codingsOf(status)[0]?.code)
  if (DENIED.has(verification ?? '')) return undefined
  const start = startOf(spanOf(condition.onsetDateTime) ?? spanOfPeriod(condition.onsetPeriod), spanOf(condition.recordedDate), day)
  const abated = spanOf(condition.abatementDateTime) ?? spanOfPeriod(condition.abatementPeriod)
  return {
    source,
    codings: codingsOf(condition.code),
    extent: {
      start,
      end: endOf(start, { isActive: ACTIVE.has(clinical ?? ''), isOver: OVER.has(clinical ?? '') || hasAbated(condition) }, abated, day),
    },
    certainty: DOUBTFUL.has(verification ?? '') ? 'unknown' : 'met',
    status: [clinical, verification].filter((status) => status !== undefined).join(', '),
  }
}

/** It is over, whether or not it says when. */
const hasAbated = (condition: z.output<typeof conditionSchema>): boolean =>
  [
    condition.abatementDateTime,
    condition.abatementPeriod,
    condition.abatementAge,
    condition.abatementRange,
    condition.abatementString,
  ].some((field) => field !== undefined) && codingsOf(condition.clinicalStatus).length === 0

const NO_REQUEST = new Set(['cancelled', 'entered-in-error', 'draft'])
const NO_ORDER = new Set(['proposal', 'plan', 'option'])

/** A request says what was prescribed, not what was taken. */
function readRequest(resource: object, source: string, day: Span, codings: readonly Coding[]): ReadEntry {
  const parsed = requestSchema.safeParse(resource)
  if (!parsed.success) return 'unreadable'
  const { status, intent, doNotPerform, authoredOn } = parsed.data
  if (NO_REQUEST.has(status) || NO_ORDER.has(intent ?? '') || doNotPerform === true) return undefined
  const start = startOf(spanOf(authoredOn), undefined, day)
  const isOver = status === 'completed' || status === 'stopped'
  return {
    source,
    codings,
    extent: { start, end: endOf(start, { isActive: status === 'active', isOver }, undefined, day) },
    certainty: 'met',
    status,
  }
}

const NOT_TAKEN = new Set(['entered-in-error', 'not-taken', 'not-done', 'intended'])

function readTaken(resource: object, source: string, day: Span, codings: readonly Coding[]): ReadEntry {
  const parsed = statementSchema.safeParse(resource)
  if (!parsed.success) return 'unreadable'
  const { status, effectiveDateTime, effectivePeriod, dateAsserted, resourceType } = parsed.data
  if (NOT_TAKEN.has(status)) return undefined
  const moment = spanOf(effectiveDateTime)
  const start = startOf(moment ?? spanOf(effectivePeriod?.start), spanOf(dateAsserted), day)
  const isGiven = resourceType === 'MedicationAdministration'
  const isOver = status === 'completed' || status === 'stopped'
  const ended = spanOf(effectivePeriod?.end) ?? (moment !== undefined && (isGiven || isOver) ? moment : undefined)
  const isActive = status === 'active' || status === 'in-progress'
  return {
    source,
    codings,
    extent: { start, end: ended !== undefined && isGiven ? ended : endOf(start, { isActive, isOver }, ended, day) },
    certainty: status === 'unknown' || (status === 'on-hold' && isGiven) ? 'unknown' : 'met',
    status,
  }
}

const NO_PROCEDURE = new Set(['preparation', 'not-done', 'entered-in-error'])
const DOUBTFUL_PROCEDURE = new Set(['unknown', 'on-hold', 'stopped'])

function readProcedure(resource: object, source: string, day: Span): ReadEntry {
  const parsed = procedureSchema.safeParse(resource)
  if (!parsed.success) return 'unreadable'
  const { status, code, performedDateTime, performedPeriod } = parsed.data
  if (NO_PROCEDURE.has(status)) return undefined
  const performed = spanOf(performedDateTime)
  const start = startOf(performed ?? spanOf(performedPeriod?.start), spanOf(performedPeriod?.end), day)
  const end = performed ?? spanOf(performedPeriod?.end) ?? { fromMs: start.fromMs, toMs: Math.max(start.toMs, day.toMs) }
  return {
    source,
    codings: codingsOf(code),
    extent: { start, end },
    certainty: DOUBTFUL_PROCEDURE.has(status) ? 'unknown' : 'met',
    status,
  }
}

/** What is recorded has begun: a vague date that reaches beyond the day of matching is cut there. Without a date it began some time before it was written down. */
function startOf(began: Span | undefined, recorded: Span | undefined, day: Span): Span {
  const span = began ?? { fromMs: -Infinity, toMs: recorded?.toMs ?? day.toMs }
  return span.fromMs < day.toMs ? { fromMs: span.fromMs, toMs: Math.min(span.toMs, day.toMs) } : span
}

/**
 * When something ended. What is said to be over was over before the day of matching, though perhaps not before it is said; what is said to go on, while a
 * past end stands beside, may have ended or not.
 */
function endOf(start: Span, said: { isActive: boolean; isOver: boolean }, ended: Span | undefined, day: Span): Span {
  if (said.isOver && start.fromMs < day.fromMs) {
    const toMs = Math.min(ended?.toMs ?? day.fromMs, day.fromMs)
    return { fromMs: Math.min(ended?.fromMs ?? start.fromMs, toMs), toMs }
  }
  if (said.isActive && (ended === undefined || ended.fromMs >= day.toMs)) return { fromMs: ended?.fromMs ?? Infinity, toMs: Infinity }
  return ended !== undefined && !said.isActive ? ended : { fromMs: ended?.fromMs ?? start.fromMs, toMs: EVER.toMs }
}

/** A period as one span: some moment in it. */
function spanOfPeriod(value: z.output<typeof period>): Span | undefined {
  const [start, end] = [spanOf(value?.start), spanOf(value?.end)]
  if (start === undefined) return end === undefined ? undefined : { fromMs: -Infinity, toMs: end.toMs }
  return { fromMs: start.fromMs, toMs: Math.max(start.toMs, end?.toMs ?? start.toMs) }
}
