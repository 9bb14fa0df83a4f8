import { isOneOf } from './coding.ts'
import type { AskedValue, Bounds, Criterion } from './criteria.ts'
import { bySource, type Finding, type Missing } from './finding.ts'
import type { Edge, Observed, SaidValue } from './observed.ts'
import type { PatientRecord } from './patientRecord.ts'
import type { Span } from './spans.ts'
import { toUnit } from './units.ts'
import { allOf, anyOf, type Verdict, verdictOf } from './verdict.ts'
import { windowOn } from './windowOn.ts'

type AskedObservation = Extract<Criterion, { topic: 'observation' }>
type Compared = { readonly one: Observed; readonly verdict: Verdict; readonly missing: Missing | undefined }

/**
 * The newest value of the window decides. Where dates or doubt leave open which that is, all that may be the newest have to agree.
 */
export function matchObserved(criterion: AskedObservation, record: PatientRecord, day: Span): Finding {
  const window = windowOn(criterion.window, day) ?? { fromMs: -Infinity, toMs: day.toMs }
  const ofCode = record.observed.filter(({ codings }) => isOneOf(codings, criterion.codes) === 'met')
  const possible = ofCode
    .map((one) => ({ ...one, span: upTo(one.span, day) }))
    .filter(({ span }) => span.fromMs < window.toMs && span.toMs > window.fromMs)
  const certain = possible.filter((one) => one.certainty === 'met' && one.span.fromMs >= window.fromMs && one.span.toMs <= window.toMs)
  const newestFromMs = certain.reduce((newest, { span }) => Math.max(newest, span.fromMs), -Infinity)
  const candidates = possible.filter(({ span }) => certain.length === 0 || span.toMs > newestFromMs).map((one) => compare(one, criterion))
  const unreadable = record.unreadable.filter(({ topic }) => topic === 'observation')
  const isOpen = certain.length === 0 || unreadable.length > 0
  const verdict = agreed(
    candidates.map((each) => each.verdict),
    isOpen,
  )
  return {
    verdict,
    evidence: candidates.map(({ one, verdict: said }) => ({ source: one.source, found: one.said, verdict: said })).sort(bySource),
    missing: verdict === 'unknown' ? missingOf(candidates, { hasCertain: certain.length > 0, unreadable }) : [],
  }
}

/** What is written down was measured by then; a vague date that reaches beyond the day is cut there. */
const upTo = (span: Span, day: Span): Span => (span.fromMs < day.toMs ? { fromMs: span.fromMs, toMs: Math.min(span.toMs, day.toMs) } : span)

function agreed(verdicts: readonly Verdict[], isOpen: boolean): Verdict {
  if (isOpen || verdicts.length === 0) return 'unknown'
  return verdicts.every((verdict) => verdict === verdicts[0]) ? (verdicts[0] ?? 'unknown') : 'unknown'
}

function missingOf(
  candidates: readonly Compared[],
  { hasCertain, unreadable }: { readonly hasCertain: boolean; readonly unreadable: readonly { readonly source: string }[] },
): Missing[] {
  const named = candidates.flatMap(({ missing }) => missing ?? [])
  const broken = unreadable.map(({ source }): Missing => ({ reason: 'unreadable', what: 'an observation that can be read', source }))
  if (candidates.length === 0) return [...broken, { reason: 'not-in-record', what: 'such a value in the time that is asked for' }]
  if (!hasCertain && named.length === 0)
    return candidates.map(({ one }) => ({
      reason: one.certainty === 'unknown' ? 'not-certain' : 'date-too-vague',
      what: 'a final value with a date',
      source: one.source,
    }))
  return named.length + broken.length > 0
    ? [...named, ...broken]
    : candidates.map(({ one }) => ({ reason: 'date-too-vague', what: 'which of these values is the newest', source: one.source }))
}

function compare(one: Observed, { value: asked, codes }: AskedObservation): Compared {
  const compared = compareValue(asked, one, codes)
  return typeof compared === 'string'
    ? { one, verdict: compared, missing: undefined }
    : { one, verdict: 'unknown', missing: { ...compared, source: one.source } }
}

function compareValue(asked: AskedValue, { value: said, codings }: Observed, codes: AskedObservation['codes']): Verdict | Missing {
  if (asked.kind === 'boolean' && said.kind === 'boolean') return verdictOf(said.value === asked.value)
  if (asked.kind === 'concept' && said.kind === 'concept') {
    const verdict = isOneOf(said.codings, asked.sought)
    return verdict === 'unknown' ? { reason: 'other-code-system', what: 'an answer in a code system that is asked for' } : verdict
  }
  if (asked.kind !== 'quantity' || said.kind !== 'quantity')
    return { reason: 'other-kind-of-value', what: `a value that is a ${asked.kind}` }
  const measured = codings.filter((coding) => isOneOf([coding], codes) === 'met')
  const [from, to] = [said.from, said.to].map((edge) => inUnit(edge, said, asked.unit, measured))
  if (from === undefined || to === undefined)
    return { reason: 'no-known-unit', what: `a value in ${asked.unit}, or in a unit that converts into it` }
  const verdict = isInside(from, to, asked.bounds)
  return verdict === 'unknown' ? { reason: 'not-certain', what: 'a value that is measured more exactly' } : verdict
}

function inUnit(
  { value, isIn }: Edge,
  { unit }: Extract<SaidValue, { kind: 'quantity' }>,
  asked: string,
  measured: AskedObservation['codes'],
): Edge | undefined {
  if (unit === undefined) return undefined
  // Infinity has no digits to round, but its unit has to fit all the same.
  const converted = toUnit(Number.isFinite(value) ? value : 1, unit, asked, measured)
  if (converted === undefined) return undefined
  return { value: Number.isFinite(value) ? converted : value, isIn }
}

/** Met if all that the number may be lies inside, not met if nothing of it does. */
function isInside(from: Edge, to: Edge, { low, high, hasLow, hasHigh }: Bounds): Verdict {
  const allAbove = from.value > low || (from.value === low && (hasLow || !from.isIn))
  const noneAbove = to.value < low || (to.value === low && !(hasLow && to.isIn))
  const allBelow = to.value < high || (to.value === high && (hasHigh || !to.isIn))
  const noneBelow = from.value > high || (from.value === high && !(hasHigh && from.isIn))
  return anyOf([allOf([verdictOf(allAbove), verdictOf(allBelow)]), noneAbove || noneBelow ? 'not-met' : 'unknown'])
}
