import type { Bounds, Criterion } from './criteria.ts'
import type { Finding, Missing } from './finding.ts'
import type { Person } from './patientRecord.ts'
import { completed, type Span, spanOf } from './spans.ts'
import { allOf, type Verdict, verdictOf } from './verdict.ts'

const DAY_MS = 86_400_000
const GENDER_OF_BIRTH_SEX = new Map([
  ['F', 'female'],
  ['M', 'male'],
])

/** The age in completed years, months, weeks or days on a day; of a vague birth date, all ages that it may mean. */
export function matchAge(criterion: Extract<Criterion, { topic: 'age' }>, person: Person | undefined, day: Span): Finding {
  const born = spanOf(person?.birthDate)
  if (person === undefined || born === undefined || born.fromMs > day.fromMs)
    return unknown({ reason: 'not-in-record', what: 'the birth date' })
  const oldest = completed(born.fromMs, day.fromMs, criterion.unit)
  const youngest = completed(Math.max(born.fromMs, Math.min(lastMidnight(born), day.fromMs)), day.fromMs, criterion.unit)
  const verdict = within(youngest, oldest, criterion.bounds)
  return {
    verdict,
    evidence: [{ source: person.source, found: `${youngest === oldest ? oldest : `${youngest} to ${oldest}`} ${criterion.unit}`, verdict }],
    missing: verdict === 'unknown' ? [{ reason: 'date-too-vague', what: 'the day of birth', source: person.source }] : [],
  }
}

/** The gender of administration, or the sex that was noted at birth: one is never taken for the other. */
export function matchGender({ topic, genders }: Extract<Criterion, { genders: unknown }>, person: Person | undefined): Finding {
  const what = topic === 'gender' ? 'the administrative gender' : 'the sex noted at birth'
  const said = topic === 'gender' ? person?.gender : GENDER_OF_BIRTH_SEX.get(person?.birthSex ?? '')
  if (person === undefined || said === undefined || said === 'unknown') return unknown({ reason: 'not-in-record', what })
  const verdict = verdictOf(genders.includes(said))
  return { verdict, evidence: [{ source: person.source, found: said, verdict }], missing: [] }
}

const unknown = (missing: Missing): Finding => ({ verdict: 'unknown', evidence: [], missing: [missing] })

const lastMidnight = ({ fromMs, toMs }: Span): number => fromMs + Math.floor((toMs - 1 - fromMs) / DAY_MS) * DAY_MS

/** Met if all ages from the youngest to the oldest are inside, not met if none is. */
function within(youngest: number, oldest: number, { low, high, hasLow, hasHigh }: Bounds): Verdict {
  const isAbove = (age: number) => (hasLow ? age >= low : age > low)
  const isBelow = (age: number) => (hasHigh ? age <= high : age < high)
  const [lower, upper] = [verdictOfBoth(isAbove(youngest), isAbove(oldest)), verdictOfBoth(isBelow(youngest), isBelow(oldest))]
  return allOf([lower, upper])
}

function verdictOfBoth(one: boolean, other: boolean): Verdict {
  return one === other ? verdictOf(one) : 'unknown'
}
