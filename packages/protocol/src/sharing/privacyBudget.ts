/** What a question with noise may cost, in thousandths of epsilon: the more, the less noise. */
export const EPSILONS_MILLI = [100, 250, 500, 1_000, 2_000] as const

const DAY_S = 86_400
/** All that answers with noise may tell of one person within a time, of all fields and by all hospitals' questions together. */
export const PRIVACY_BUDGET = { totalMilli: 10_000, windowS: 365 * DAY_S } as const

/** What a round cost. @property deadlineS - The round's own, which all hospitals know alike; no clock is asked. */
export type Spending = { readonly round: string; readonly epsilonMilli: number; readonly deadlineS: number }

/** Those spendings that still count for a round with this deadline. */
export function countedFor(spendings: readonly Spending[], deadlineS: number): Spending[] {
  return spendings.filter((spending) => spending.deadlineS > deadlineS - PRIVACY_BUDGET.windowS)
}

/** What was spent of the budget, as a round with this deadline finds it, in thousandths of epsilon. */
export function spentFor(spendings: readonly Spending[], deadlineS: number): number {
  return countedFor(spendings, deadlineS).reduce((sum, { epsilonMilli }) => sum + epsilonMilli, 0)
}

/** Whether a question can still be paid for. Costs add up: that is the composition of differential privacy, at its plainest. */
export function isAffordable(spendings: readonly Spending[], asked: Omit<Spending, 'round'>): boolean {
  return spentFor(spendings, asked.deadlineS) + asked.epsilonMilli <= PRIVACY_BUDGET.totalMilli
}

/** When something of what counts now comes back, in seconds since 1970; undefined when nothing is spent. */
export function returnsAtS(spendings: readonly Spending[], deadlineS: number): number | undefined {
  const ends = countedFor(spendings, deadlineS).map((spending) => spending.deadlineS + PRIVACY_BUDGET.windowS)
  return ends.length === 0 ? undefined : Math.min(...ends)
}
