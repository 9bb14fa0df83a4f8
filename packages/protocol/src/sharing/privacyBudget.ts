/** What a question with noise may cost, in thousandths of epsilon: the more, the less noise. */
export const EPSILONS_MILLI = [100, 250, 500, 1_000, 2_000] as const

const DAY_S = 86_400
/** All that answers with noise may tell of one record of a hospital within a time: of all fields, whoever asked. */
export const PRIVACY_BUDGET = { totalMilli: 10_000, windowS: 365 * DAY_S } as const

/**
 * What a round cost the hospitals that dealt in it.
 * @property deadlineS - The round's own, as all hospitals know it; no clock is asked.
 */
export type Spending = {
  readonly round: string
  readonly epsilonMilli: number
  readonly deadlineS: number
  readonly hospitals: readonly string[]
}

/** A question that is to be paid for by these hospitals. */
export type Asking = Pick<Spending, 'epsilonMilli' | 'deadlineS' | 'hospitals'>

/**
 * What was spent of the budget by that hospital which spent most, as a round with this deadline finds it, in thousandths of epsilon. Costs of one hospital add up: that
 * is the composition of differential privacy, at its plainest.
 */
export function spentBy(spendings: readonly Spending[], { deadlineS, hospitals }: Pick<Asking, 'deadlineS' | 'hospitals'>): number {
  const each = hospitals.map((hospital) => {
    const own = countedFor(spendings, deadlineS).filter((spending) => spending.hospitals.includes(hospital))
    return own.reduce((sum, { epsilonMilli }) => sum + epsilonMilli, 0)
  })
  return Math.max(0, ...each)
}

/** Whether all hospitals can still pay for a question. */
export function isAffordable(spendings: readonly Spending[], asking: Asking): boolean {
  return spentBy(spendings, asking) + asking.epsilonMilli <= PRIVACY_BUDGET.totalMilli
}

/** When something of what these hospitals spent comes back, in seconds since 1970; undefined when nothing is spent. */
export function returnsAtS(
  spendings: readonly Spending[],
  { deadlineS, hospitals }: Pick<Asking, 'deadlineS' | 'hospitals'>,
): number | undefined {
  const theirs = countedFor(spendings, deadlineS).filter((spending) => spending.hospitals.some((hospital) => hospitals.includes(hospital)))
  const ends = theirs.map((spending) => spending.deadlineS + PRIVACY_BUDGET.windowS)
  return ends.length === 0 ? undefined : Math.min(...ends)
}

function countedFor(spendings: readonly Spending[], deadlineS: number): readonly Spending[] {
  return spendings.filter((spending) => spending.deadlineS > deadlineS - PRIVACY_BUDGET.windowS)
}
