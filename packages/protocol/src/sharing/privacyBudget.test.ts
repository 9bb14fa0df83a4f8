import { expect, test } from 'vitest'
import { EPSILONS_MILLI, isAffordable, PRIVACY_BUDGET, returnsAtS, type Spending, spentFor } from './privacyBudget.ts'

const { totalMilli, windowS } = PRIVACY_BUDGET
const NOW_S = 1_800_000_000
const spending = (epsilonMilli: number, deadlineS = NOW_S): Spending => ({ round: `${epsilonMilli} ${deadlineS}`, epsilonMilli, deadlineS })

test('costs add up, to the last thousandth', () => {
  const before = [spending(totalMilli - 600), spending(500)]
  expect(spentFor(before, NOW_S)).toBe(totalMilli - 100)
  expect(isAffordable(before, { epsilonMilli: 100, deadlineS: NOW_S })).toBe(true)
  expect(isAffordable(before, { epsilonMilli: 101, deadlineS: NOW_S })).toBe(false)
})

test('what was spent comes back when it is a year old, by the rounds’ own deadlines', () => {
  const before = [spending(totalMilli)]
  expect(isAffordable(before, { epsilonMilli: 100, deadlineS: NOW_S + windowS - 1 })).toBe(false)
  expect(isAffordable(before, { epsilonMilli: 100, deadlineS: NOW_S + windowS })).toBe(true)
  expect(returnsAtS([...before, spending(100, NOW_S + 5)], NOW_S)).toBe(NOW_S + windowS)
  expect(returnsAtS(before, NOW_S + windowS)).toBeUndefined()
})

test('in no span of a year more is told than the budget, whatever is asked and when', () => {
  const answered: Spending[] = []
  for (let turn = 0; turn < 400; turn++) {
    const asked = { epsilonMilli: EPSILONS_MILLI[(turn * 7) % EPSILONS_MILLI.length]!, deadlineS: NOW_S + turn * 500_000 }
    if (isAffordable(answered, asked)) answered.push(spending(asked.epsilonMilli, asked.deadlineS))
  }
  expect(answered.length).toBeGreaterThan(50)
  for (const { deadlineS } of answered)
    expect(
      spentFor(
        answered.filter((each) => each.deadlineS <= deadlineS),
        deadlineS,
      ),
    ).toBeLessThanOrEqual(totalMilli)
})
