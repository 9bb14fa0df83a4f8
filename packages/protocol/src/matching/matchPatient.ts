import type { Criteria, Criterion } from './criteria.ts'
import { describeAsked } from './describeCriterion.ts'
import { MatchingError } from './errors.ts'
import type { Finding } from './finding.ts'
import { matchListed } from './matchListed.ts'
import { matchObserved } from './matchObserved.ts'
import { matchAge, matchGender } from './matchPerson.ts'
import { type PatientRecord, type Person, readRecord } from './patientRecord.ts'
import { dayOf, type Span, spanOf } from './spans.ts'
import { allOf, not, type Verdict } from './verdict.ts'

/** What came of one criterion. */
export type CriterionMatch = Finding & {
  /** Its place in the criteria, from 1. */ readonly characteristic: number
  /** In words. */ readonly asked: string
  /** Whether meeting what is asked leaves a patient out: `verdict` has that in it. */ readonly isExcluded: boolean
}

/** Whether a patient meets a study's criteria, and why. Contents of the record are in it: it stays at the hospital. */
export type PatientMatch = {
  /** Kleene's "and" of all. Who has died meets none. */ readonly verdict: Verdict
  readonly isDeceased: boolean
  readonly criteria: readonly CriterionMatch[]
}

/** How to match. */
export type MatchOptions = {
  /** The day that ages and windows are counted to, `2026-11-21`, UTC. */ readonly day: string
  /**
   * What it means that no entry of a record has a code that is asked for. `not-met`, unless told: the list is taken for complete if it has any entry at all.
   * `unknown`: only what is written down counts.
   */
  readonly absence?: 'not-met' | 'unknown'
}

/**
 * Compares one patient's FHIR R4 resources with a study's criteria. The same record and day give the same answer, in whatever order the resources come.
 * @param resources - Of one patient; what cannot be read is named, and makes what it could have answered unknown.
 * @throws {MatchingError} More than one patient, or `day` is none.
 * @example
 * matchPatient(parseCriteria(group), resources, { day: '2026-11-21' }).verdict // 'met', 'not-met' or 'unknown'
 */
export function matchPatient(criteria: Criteria, resources: readonly unknown[], { day, absence = 'not-met' }: MatchOptions): PatientMatch {
  const on = dayOf(day)
  if (on === undefined) throw new MatchingError('matching/no-day')
  const record = readRecord(resources, on)
  const isDeceased = hasDied(record.person, on)
  const found = criteria.map((criterion, place) => ({
    ...excluding(criterion, find(criterion, { record, day: on, absence })),
    characteristic: place + 1,
    asked: describeAsked(criterion),
    isExcluded: criterion.isExcluded,
  }))
  return { verdict: isDeceased ? 'not-met' : allOf(found.map(({ verdict }) => verdict)), isDeceased, criteria: found }
}

/** What a criterion is compared with. */
type Against = { readonly record: PatientRecord; readonly day: Span; readonly absence: 'not-met' | 'unknown' }

function find(criterion: Criterion, { record, day, absence }: Against): Finding {
  switch (criterion.topic) {
    case 'age':
      return matchAge(criterion, record.person, day)
    case 'gender':
    case 'birth-sex':
      return matchGender(criterion, record.person)
    case 'observation':
      return matchObserved(criterion, record, day)
    default:
      return matchListed(criterion, record, day, absence)
  }
}

const excluding = (criterion: Criterion, finding: Finding): Finding =>
  criterion.isExcluded ? { ...finding, verdict: not(finding.verdict) } : finding

/** Of somebody who is said to have died on a day that cannot be read it is taken to be so. */
function hasDied(person: Person | undefined, day: Span): boolean {
  const deceased = person?.deceased ?? false
  return typeof deceased === 'boolean' ? deceased : (spanOf(deceased)?.fromMs ?? -Infinity) < day.toMs
}
