import {
  type Heard,
  news2OutOfScope,
  type OutOfScope,
  type OxygenScale,
  readVitals,
  scoreUrgency,
  type UrgencyScore,
  WINDOW_S,
} from '@medsync/protocol/urgency'
import { type Added, standing } from './caseEntries.ts'
import type { RecordFacts } from './recordFacts.ts'

/** What is kept of lists that somebody else's record can make as long as it likes. */
const MAX_LISTED = 200
/** When what was dated in the future is looked at again. */
const FUTURE_AGAIN_S = 60

/** What a case is scored from. */
export type ScoredFrom = {
  readonly facts: RecordFacts
  readonly added: Added
  readonly heard: Heard | undefined
  readonly episodeFromS: number
  /** As the case was opened; what was said since stands in `added`. */
  readonly oxygenScale: OxygenScale
  /** What staff say; null: what the record says. */
  readonly isPregnant: boolean | null
  readonly nowS: number
}

/** A score, whether NEWS2 applies, and from when on the passing of time alone may change it. */
export type Scored = { readonly urgency: UrgencyScore; readonly outOfScope: OutOfScope | null; readonly changesAtS: number }

/**
 * Scores a case from its record and from what was added to it. Whoever is out of NEWS2's scope is scored as somebody of whom nothing is measured.
 * Evidence names observations as `record-…` and `case-…`.
 */
export function scoreCase({ facts, added, heard, episodeFromS, nowS, ...opened }: ScoredFrom): Scored {
  const { oxygenScale, isPregnant } = added.assessments.at(-1) ?? opened
  const outOfScope = news2OutOfScope({ bornOn: facts.bornOn, isPregnant: isPregnant ?? facts.isPregnant }, nowS) ?? null
  // All are of this patient (checked when they came in), by whichever of their addresses.
  const all = [...facts.observations, ...standing(added.observations)].map(({ id, resource }) => ({ ...resource, id, subject: undefined }))
  const observed = { observations: outOfScope === null ? all : [], episodeFromS, nowS }
  const urgency = scoreUrgency({ ...observed, notes: added.notes.map(({ id, text }) => ({ id, text })), oxygenScale, heard })
  return { urgency: shortened(urgency), outOfScope, changesAtS: nextChange(observed, nowS) }
}

/** A value becomes outdated, or one that was dated in the future comes to count. */
function nextChange(observed: Parameters<typeof readVitals>[0], nowS: number): number {
  const { held, refused } = readVitals(observed)
  const ends = Object.values(held).flatMap(({ isCurrent, atS }) => (isCurrent ? [atS + WINDOW_S + 1] : []))
  const future = refused.some(({ refusal }) => refusal === 'in-future') ? [nowS + FUTURE_AGAIN_S] : []
  return Math.min(Number.POSITIVE_INFINITY, ...ends, ...future)
}

function shortened(urgency: UrgencyScore): UrgencyScore {
  const { evidence, implausible } = urgency
  const strongest = [...evidence.notes].sort((one, other) => other.raise - one.raise).slice(0, MAX_LISTED)
  return { ...urgency, implausible: implausible.slice(0, MAX_LISTED), evidence: { ...evidence, notes: strongest } }
}
