import type { Listed } from './codes.ts'
import { isOneOf, nameOf } from './coding.ts'
import type { Criterion } from './criteria.ts'
import { bySource, type Evidence, type Finding, type Missing } from './finding.ts'
import type { Entry } from './listed.ts'
import type { PatientRecord } from './patientRecord.ts'
import { reaches, type Span } from './spans.ts'
import { allOf, anyOf, type Verdict } from './verdict.ts'
import { windowOn } from './windowOn.ts'

/** What one entry means for the criterion, in its three parts. */
type Judged = { readonly entry: Entry; readonly isSought: Verdict; readonly isInTime: Verdict; readonly verdict: Verdict }

/** Whether any condition, medication or procedure of the record is one of those sought, at the time that is asked for. */
export function matchListed(
  criterion: Extract<Criterion, { topic: Listed }>,
  record: PatientRecord,
  day: Span,
  absence: 'not-met' | 'unknown',
): Finding {
  const { topic } = criterion
  const window = windowOn(criterion.window, day) ?? lasting(topic, day)
  const judged = record.entries[topic].map((entry): Judged => {
    const isSought = isOneOf(entry.codings, criterion.sought)
    const isInTime = reaches(entry.extent, window)
    return { entry, isSought, isInTime, verdict: allOf([isSought, isInTime, entry.certainty]) }
  })
  const unreadable = record.unreadable.filter((each) => each.topic === topic)
  const isListEmpty = judged.length === 0 && unreadable.length === 0
  const isAbsent = !judged.some(({ isSought }) => isSought === 'met')
  const unclear: Verdict[] = isListEmpty || unreadable.length > 0 || (isAbsent && absence === 'unknown') ? ['unknown'] : []
  const verdict = anyOf([...judged.map((each) => each.verdict), ...unclear])
  return {
    verdict,
    evidence: judged.flatMap((each) => evidenceOf(each, topic)).sort(bySource),
    missing: verdict === 'unknown' ? missingOf(judged, unreadable, criterion) : [],
  }
}

/** Without a window a condition or a medication is asked for as it is on the day; a procedure at any time until then. */
const lasting = (topic: Listed, day: Span): Span => (topic === 'procedure' ? { fromMs: -Infinity, toMs: day.toMs } : day)

function evidenceOf({ entry, isSought, verdict }: Judged, topic: Listed): Evidence[] {
  if (isSought !== 'met') return []
  const [coding] = entry.codings
  const name = coding === undefined ? `a ${topic}` : nameOf(coding)
  return [{ source: entry.source, found: entry.status === '' ? name : `${name}, ${entry.status}`, verdict }]
}

function missingOf(
  judged: readonly Judged[],
  unreadable: readonly { readonly source: string }[],
  { topic, sought }: { readonly topic: Listed; readonly sought: Extract<Criterion, { topic: Listed }>['sought'] },
): Missing[] {
  const vague = judged
    .filter(({ verdict }) => verdict === 'unknown')
    .map(({ entry, isSought, isInTime }): Missing & { source: string } => {
      const { source } = entry
      if (isSought === 'unknown')
        return { reason: 'other-code-system', what: `which ${topic} it is, in a code system that is asked for`, source }
      if (isInTime === 'unknown') return { reason: 'date-too-vague', what: `from when to when the ${topic} lasted`, source }
      return { reason: 'not-certain', what: `whether the ${topic} is certain`, source }
    })
  const broken = unreadable.map(({ source }) => ({ reason: 'unreadable' as const, what: `a ${topic} that can be read`, source }))
  const named = [...vague, ...broken].sort(bySource)
  return named.length > 0 ? named : [{ reason: 'not-in-record', what: `whether there is: ${sought.map(nameOf).join(', ')}` }]
}
