import { expect, test } from 'vitest'
import { EPSILONS_MILLI, isAffordable, PRIVACY_BUDGET, returnsAtS, type Spending, spentBy } from './privacyBudget.ts'

const { totalMilli, windowS } = PRIVACY_BUDGET
const NOW_S = 1_800_000_000
const ALL = ['mercy', 'lakeside', 'stclare']
const spending = (epsilonMilli: number, deadlineS = NOW_S, hospitals = ALL): Spending => ({
  round: `${epsilonMilli} ${deadlineS}`,
  epsilonMilli,
  deadlineS,
  hospitals,
})
const asking = (epsilonMilli: number, deadlineS = NOW_S, hospitals = ALL) => ({ epsilonMilli, deadlineS, hospitals })

test('costs add up, to the last thousandth', () => {
  const before = [spending(totalMilli - 600), spending(500)]
  expect(spentBy(before, asking(0))).toBe(totalMilli - 100)
  expect(isAffordable(before, asking(100))).toBe(true)
  expect(isAffordable(before, asking(101))).toBe(false)
})

test('each hospital pays for the rounds that it dealt in, and who spent most decides for all', () => {
  const before = [
    spending(6_000, NOW_S, ['mercy']),
    spending(3_000, NOW_S, ['mercy', 'lakeside']),
    spending(totalMilli, NOW_S, ['a stranger']),
  ]
  expect(spentBy(before, asking(0))).toBe(9_000)
  expect(isAffordable(before, asking(2_000))).toBe(false)
  expect(isAffordable(before, asking(2_000, NOW_S, ['lakeside', 'stclare']))).toBe(true)
  expect(returnsAtS(before, asking(0, NOW_S, ['stclare']))).toBeUndefined()
})

test('what was spent comes back when it is a year old, by the rounds’ own deadlines', () => {
  const before = [spending(totalMilli)]
  expect(isAffordable(before, asking(100, NOW_S + windowS - 1))).toBe(false)
  expect(isAffordable(before, asking(100, NOW_S + windowS))).toBe(true)
  expect(returnsAtS([...before, spending(100, NOW_S + 5)], asking(0))).toBe(NOW_S + windowS)
  expect(returnsAtS(before, asking(0, NOW_S + windowS))).toBeUndefined()
})

test('in no span of a year more is told of a hospital’s records than the budget, whatever is asked and when', () => {
  const answered: Spending[] = []
  for (let turn = 0; turn < 400; turn++) {
    const hospitals = turn % 3 === 0 ? ALL : ['mercy', 'lakeside']
    const asked = asking(EPSILONS_MILLI[(turn * 7) % EPSILONS_MILLI.length]!, NOW_S + turn * 500_000, hospitals)
    if (isAffordable(answered, asked)) answered.push(spending(asked.epsilonMilli, asked.deadlineS, hospitals))
  }
  expect(answered.length).toBeGreaterThan(50)
  for (const { deadlineS } of answered) {
    const until = answered.filter((each) => each.deadlineS <= deadlineS)
    expect(spentBy(until, asking(0, deadlineS))).toBeLessThanOrEqual(totalMilli)
  }
})
