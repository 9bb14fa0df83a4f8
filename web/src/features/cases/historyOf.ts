import type { CaseDetail } from '@medsync/protocol'

/** Something that became of a case's score. `isNow`: it is the computed score of this moment. */
export type HistoryEntry = {
  /** Its place among those of its kind: stays the same when more comes. */
  readonly id: string
  readonly kind: 'computed' | 'confirmed' | 'raised' | 'lowered'
  readonly score: number
  readonly atS: number
  readonly reason: string
  readonly by: string | undefined
  readonly isNow: boolean
}

/** What was computed and what was decided, in one order: the newest first, of the same second the decision first. */
export function historyOf({
  history,
  decisions,
  urgency,
}: {
  readonly history: CaseDetail['history']
  readonly decisions: CaseDetail['decisions']
  readonly urgency: Pick<CaseDetail['urgency'], 'score' | 'scoredAtS'>
}): HistoryEntry[] {
  const computed = [...history.map((past) => ({ ...past, isNow: false })), { ...urgency, isNow: true }].map(
    ({ score, scoredAtS, isNow }, place): HistoryEntry => ({
      id: `computed-${place}`,
      kind: 'computed',
      score,
      atS: scoredAtS,
      reason: '',
      by: undefined,
      isNow,
    }),
  )
  const decided = decisions.map(
    ({ kind, score, reason, by, atS }, place): HistoryEntry => ({ id: `decided-${place}`, kind, score, atS, reason, by, isNow: false }),
  )
  return [...decided.toReversed(), ...computed.toReversed()].toSorted((one, other) => other.atS - one.atS)
}
