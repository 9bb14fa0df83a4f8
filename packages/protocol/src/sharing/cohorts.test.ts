import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Cohort, type CohortGrid, countProbes, peopleIn, probesFor, ruleOn } from './cohorts.ts'

const grid: CohortGrid = { age: 3, ward: 2 }
type Person = Readonly<Record<string, number>>
const people = (counts: readonly number[]): Person[] =>
  counts.flatMap((count, cell) => Array<Person>(count).fill({ age: cell % 3, ward: Math.floor(cell / 3) }))

/** Asks one after the other; an answer that is refused is not given. */
function askAll(everyone: readonly Person[], cohorts: readonly Cohort[]): { answered: Cohort[]; rulings: string[] } {
  const answered: Cohort[] = []
  const rulings = cohorts.map((asked) => {
    const counts = countProbes(grid, probesFor(grid, answered, [asked]), everyone)
    const ruling = ruleOn(counts.map(BigInt))
    if (ruling === 'permit') answered.push(asked)
    return ruling
  })
  return { answered, rulings }
}

describe('the planner of questions', () => {
  test('refuses all but one: the difference would be that one', () => {
    const everyone = people([30, 30, 1, 0, 0, 0])
    expect(askAll(everyone, [{}, { age: [0, 1] }]).rulings).toEqual(['permit', 'small-group'])
    expect(askAll(everyone, [{ age: [0, 1] }, {}]).rulings).toEqual(['permit', 'small-group'])
  })

  test('permits what can be told already, the same again, and what leaves large groups', () => {
    const everyone = people([30, 30, 25, 0, 0, 0])
    expect(askAll(everyone, [{}, { age: [0] }, {}, { age: [1, 2] }, { age: [1] }, { age: [2] }]).rulings).toEqual(Array(6).fill('permit'))
    expect(probesFor(grid, [{}, { age: [0] }], [{ age: [1, 2] }])).toEqual(probesFor(grid, [], [{ age: [0] }, { age: [1, 2] }]))
  })

  test('counts what was answered before again: a cohort that somebody merely calls answered permits nothing', () => {
    const everyone = people([30, 30, 1, 0, 0, 0])
    for (const [answered, asked] of [
      [[{ age: [2] }], {}],
      [[{}, { age: [2] }], { age: [0, 1] }],
    ] as const) {
      const probes = probesFor(grid, answered, [asked])
      expect(ruleOn(countProbes(grid, probes, everyone).map(BigInt))).toBe('small-group')
    }
  })

  test('finds the size of each answered cohort again in the groups', () => {
    const everyone = people([30, 31, 1, 2, 3, 4])
    const answered = [{}, { age: [0, 1] }, { ward: [1], age: [2] }]
    const probes = probesFor(grid, answered, [{ ward: [0] }])
    const counts = countProbes(grid, probes, everyone).map(BigInt)
    for (const cohort of answered) {
      const inside = everyone.filter((person) => Object.entries(cohort).every(([field, bins]) => bins.includes(person[field]!)))
      expect(peopleIn(grid, cohort, probes, counts)).toBe(BigInt(inside.length))
    }
  })

  test('sees a small group that takes three answers to isolate', () => {
    // One man of 40 in ward 1: age 0 or 1 in ward 0, then the ages, then everybody.
    const everyone = people([40, 40, 0, 40, 1, 0])
    const { rulings } = askAll(everyone, [{ ward: [0] }, { age: [0] }, { age: [0, 1] }])
    expect(rulings).toEqual(['permit', 'permit', 'small-group'])
  })

  test('an empty part is nobody’s, and does not stand in the way', () => {
    expect(askAll(people([30, 0, 0, 0, 0, 0]), [{}, { age: [0] }, { age: [1] }]).rulings).toEqual(['permit', 'permit', 'permit'])
  })

  test('guards who came in between two askings, when the time is a field', () => {
    const byWeek: CohortGrid = { enteredWeek: 3 }
    const entered = [0, 1, 2].flatMap((week) => Array<Person>(week === 1 ? 1 : 30).fill({ enteredWeek: week }))
    const probes = probesFor(byWeek, [{ enteredWeek: [0] }], [{ enteredWeek: [0, 1] }])
    expect(ruleOn(countProbes(byWeek, probes, entered).map(BigInt))).toBe('small-group')
  })

  test('takes the cells of a table together', () => {
    const cells = [0, 1, 2].map((age) => ({ age: [age] }))
    expect(ruleOn(countProbes(grid, probesFor(grid, [], cells), people([30, 30, 1, 0, 0, 0])).map(BigInt))).toBe('small-group')
  })

  test('no linear combination of its answers isolates fewer than 20 people, tried with small factors', () => {
    const bins = (count: number) => fc.subarray([...Array(count).keys()], { minLength: 1 })
    const cohorts = fc.array(fc.record({ age: bins(3), ward: bins(2) }), { minLength: 1, maxLength: 4 })
    const counts = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 45 })), { minLength: 6, maxLength: 6 })
    let permitted = 0
    fc.assert(
      fc.property(cohorts, counts, (asked, sizes) => {
        const { answered } = askAll(people(sizes), asked)
        permitted += answered.length
        for (const factors of combinations(answered.length)) {
          const weight = sizes.map((_, cell) =>
            answered.reduce(
              (sum, { age, ward }, at) => sum + (age?.includes(cell % 3) && ward?.includes(Math.floor(cell / 3)) ? factors[at]! : 0),
              0,
            ),
          )
          // Where the weight is the same on all that it falls on, it tells those people's sum.
          const touched = sizes.filter((size, cell) => weight[cell] !== 0 && size > 0)
          const isOneWeight = new Set(weight.filter((value, cell) => value !== 0 && sizes[cell]! > 0)).size === 1
          if (isOneWeight) expect(touched.reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(20)
        }
      }),
      { seed: 33, numRuns: 200 },
    )
    expect(permitted).toBeGreaterThan(100)
  })

  test.each<[string, CohortGrid, Cohort]>([
    ['a field that the grid does not have', grid, { sex: [0] }],
    ['an inherited name', grid, { toString: [0] } as never],
    ['a bin that it does not have', grid, { age: [3] }],
    ['half a bin', grid, { age: [0.5] }],
    ['a grid too large', { one: 300, two: 300 }, {}],
    ['a grid of no size', { one: 0 }, {}],
  ])('error: %s', (_, ofGrid, cohort) => {
    expect(() => probesFor(ofGrid, [], [cohort])).toThrow(expect.objectContaining({ code: 'sharing/bad-question' }))
  })

  test('error: a person who fits nowhere', () => {
    for (const person of [{ age: 1 }, { age: 3, ward: 0 }, { age: -1, ward: 0 }]) {
      expect(() => countProbes(grid, [], [person as Person])).toThrow(expect.objectContaining({ code: 'sharing/number-out-of-range' }))
    }
  })
})

/** All factors from -2 to 2. */
function combinations(length: number): number[][] {
  if (length === 0) return [[]]
  return combinations(length - 1).flatMap((rest) => [-2, -1, 0, 1, 2].map((factor) => [...rest, factor]))
}
