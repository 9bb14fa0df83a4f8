import { ShareError } from './errors.ts'
import { modulo } from './field.ts'
import { openShares, type Share } from './openShares.ts'
import type { RankingPlan } from './ranking.ts'
import { productThreshold } from './round.ts'
import { countOf, element, type FieldVector, setElement, zeros } from './vectors.ts'

// A hospital that deals a 2, a -1 or two scores for one case would move the others' ranks. For a 0 or a 1, and for nothing else, v * v - v is zero. So
// each hospital sums that over a dealer's elements and its slots' sums, each times a power of the coin, hides it with a share of zero, and publishes it.

/**
 * A hospital's share of the test of one dealer's cases: for everybody.
 * @param selectors - What the dealer dealt it.
 * @param zero - Sum of the shares of zero that all dealers dealt for this test.
 * @param powers - `foldingPowers` for as many elements as the selectors and slots together.
 */
export function testSelectors(
  { round: { field }, slots, scores }: RankingPlan,
  selectors: FieldVector,
  zero: bigint,
  powers: FieldVector,
): FieldVector {
  const values = zeros(slots * scores + slots)
  values.set(selectors.subarray(0, 2 * slots * scores))
  const ones = zeros(scores)
  for (let score = 0; score < scores; score++) ones[2 * score] = 1
  for (let slot = 0; slot < slots; slot++) {
    field.addDot(values, slots * scores + slot, { left: selectors, leftAt: slot * scores, right: ones, rightAt: 0, count: scores })
  }
  const count = countOf(values)
  const weighted = zeros(count)
  for (let at = 0; at < count; at++) field.addDot(weighted, at, { left: values, leftAt: at, right: powers, rightAt: at, count: 1 })
  const test = zeros(2)
  field.addDot(test, 0, { left: weighted, leftAt: 0, right: values, rightAt: 0, count })
  field.addDot(test, 1, { left: values, leftAt: 0, right: powers, rightAt: 0, count })
  const result = zeros(1)
  setElement(result, 0, modulo(field, element(test, 0) - element(test, 1) + zero))
  return result
}

/**
 * Opens the test of a dealer's cases, before any rank is opened.
 * @throws {ShareError} `sharing/false-selector`, naming the dealer; or as `openShares`.
 */
export function checkSelectors({ round }: RankingPlan, dealer: string, tests: readonly Share[]): void {
  const { secrets } = openShares(round, tests, productThreshold(round))
  if (element(secrets, 0) !== 0n) throw new ShareError('sharing/false-selector', [dealer])
}
