import type { MemberView, RoundView } from '@medsync/context/app'
import type { StatisticsQuestion } from '@medsync/protocol'
import { COHORT_FIELDS } from '@medsync/protocol'
import { MAX_HOSPITALS, QuestionError } from '@medsync/protocol/sharing'
import { readParameters, stepsOf } from './roundParameters.ts'
import { needsToJoin } from './roundSteps.ts'
import { checkArithmetic } from './statisticsTold.ts'

/** More steps' times than there are steps, for clocks that differ and nodes that start. */
export const SPARE_STEPS = 2
/** Clocks may differ by so much. */
export const CLOCKS_DIFFER_S = 120
/** More would be as many groups to compare for each later question. */
const MOST_EDGES = 51

/** As many curious hospitals together as still leave room for one, from five on, to drop out of a ranking. */
export function thresholdOf(hospitals: number): number {
  return Math.max(2, Math.floor((hospitals - 1) / 2))
}

/**
 * Whether a round is what our gateways open: readable, by one of its parties, each of them once, with the threshold that belongs to their number. Any member may
 * write any other; such a one is nobody's round, and keeps nobody from anything.
 */
export function isSoundRound({ kind, parameters, parties, threshold, opened_by }: RoundView): boolean {
  const read = readParameters(kind, parameters)
  return (
    read !== undefined &&
    (read.kind !== 'statistics' || isSoundQuestion(read.question)) &&
    new Set(parties).size === parties.length &&
    parties.includes(opened_by) &&
    parties.length <= MAX_HOSPITALS &&
    threshold === thresholdOf(parties.length) &&
    parties.length >= needsToJoin(threshold)
  )
}

/** Hospitals that may compute together: one place each. */
export async function hospitalsAmong(
  members: readonly MemberView[],
  isTrusted: (member: MemberView) => Promise<boolean>,
): Promise<MemberView[]> {
  const hospitals = members.filter((member) => member.is_active && member.kind === 'hospital')
  const are = await Promise.all(hospitals.map(isTrusted))
  return [...new Map(hospitals.filter((_, at) => are[at]).map((member) => [member.organisation, member])).values()]
}

/** Whether its parties are the hospitals that compute together now, all of them: rounds of some would tell about the others by the difference. */
export function isOfAll({ parties }: RoundView, hospitals: readonly MemberView[]): boolean {
  return hospitals.length === parties.length && hospitals.every(({ executor }) => parties.includes(executor))
}

/** Whether it is over in the time that its steps take: nobody keeps the others waiting for longer. */
export function endsInTime({ kind, parameters, parties, threshold, deadline_s }: RoundView, nowS: number): boolean {
  const read = readParameters(kind, parameters)
  if (read === undefined) return false
  const steps = stepsOf(read, parties.length, threshold).length + SPARE_STEPS
  return deadline_s - nowS <= steps * read.stepS + CLOCKS_DIFFER_S
}

/** Whether a question can be put to the arithmetic, whatever was answered before. */
function isSoundQuestion(question: StatisticsQuestion): boolean {
  const { cohort, measure } = question
  const areBins = (['ageDecade', 'gender'] as const).every(
    (field) => cohort[field]?.every((bin) => bin < COHORT_FIELDS[field].length) ?? true,
  )
  const areFew = measure.kind !== 'histogram' || measure.edges.length <= MOST_EDGES
  try {
    checkArithmetic(question)
    return areBins && areFew
  } catch (failure) {
    if (failure instanceof QuestionError) return false
    throw failure
  }
}
