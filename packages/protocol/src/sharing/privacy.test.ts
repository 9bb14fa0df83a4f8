import { describe, expect, test } from 'vitest'
import { chanceFrom } from './noise.ts'
import { openSums } from './openSums.ts'
import { checkPrivacy, noiseScales, type Privacy, privateContributionTo, signed } from './privacy.ts'
import { expectedError, type PrivateAnswer, privateAnswerTo } from './privateAnswer.ts'
import { MAX_PEOPLE, type Question } from './question.ts'
import { sharingRound } from './round.ts'
import { playSum, seededBits, seededDraw, seededNumber } from './sharing-play.ts'
import { answerTo, contributionTo, type Data } from './statistics.ts'
import { toBigInts } from './vectors.ts'

const round = sharingRound(['mercy', 'lakeside', 'stclare'], 2)
const ONE: Privacy = { epsilonMilli: 1_000 }
const EDGES = { kind: 'histogram', edges: [0, 10, 20, 40] } as const
const range = { min: -3, max: 9.5, decimals: 1 }
const code = (value: string) => expect.objectContaining({ code: value })

describe('what one person can change', () => {
  const numbers = Array.from({ length: 126 }, (_, step) => range.min + step / 10)
  test.each<[Question, Data[]]>([
    [{ kind: 'count' }, [[0]]],
    [{ kind: 'sum', range }, numbers.map((value) => [value])],
    [{ kind: 'mean', range }, numbers.map((value) => [value])],
    [{ kind: 'variance', range }, numbers.map((value) => [value])],
    [{ kind: 'variance', range: { min: 0, max: 1, decimals: 0 } }, [[0], [1]]],
    [EDGES, [[0], [10], [39]]],
    [{ kind: 'crossTable', rows: 2, columns: 3 }, [[[0, 0]], [[1, 2]]]],
  ])('of $kind, over the scales of its noise, is epsilon at most: for each number that a person can have', (question, persons) => {
    for (const privacy of [ONE, { epsilonMilli: 100 }, { epsilonMilli: 1_999 }]) {
      const scales = noiseScales(question, privacy)
      const told = persons.map((person) => {
        const { count, values } = withoutNoise(question, person)
        const nobody = withoutNoise(question, [])
        const changes = [
          ...(scales.count === undefined ? [] : [count - nobody.count]),
          ...values.map((value, at) => value - nobody.values[at]!),
        ]
        const each = [...(scales.count === undefined ? [] : [scales.count]), ...scales.values]
        // The sum of |change| / scale, against epsilon, as fractions.
        const under = each.reduce((product, { over }) => product * over, 1n)
        const over = changes.reduce(
          (sum, change, at) => sum + (((change < 0n ? -change : change) * under) / each[at]!.over) * each[at]!.under,
          0n,
        )
        expect(over * 1_000n <= BigInt(privacy.epsilonMilli) * under).toBe(true)
        return Number((over * 1_000_000n) / under) / 1_000_000
      })
      expect(Math.max(...told)).toBeGreaterThan((privacy.epsilonMilli / 1_000) * (question.kind === 'variance' ? 0.6 : 0.99))
    }
  })
})

describe('answers with noise over three hospitals', () => {
  const data = [60, 70, 80].map((people, at) => Array.from({ length: people }, (_, n) => 4 + at + (n % 30) / 10))
  const all = data.flat()

  test.each<[Question]>([[{ kind: 'count' }], [{ kind: 'sum', range }], [{ kind: 'mean', range }], [{ kind: 'variance', range }], [EDGES]])(
    'are within the stated error in 95 of 100: %o',
    (question) => {
      const clear = contributionTo(question, all)
      const exact = answerTo(question, BigInt(all.length), toBigInts(clear.values), 0)
      const outcomes = Array.from({ length: 400 }, (_, seed) => ask(question, { parts: data, privacy: ONE, seed }))
      const told = outcomes.flatMap((outcome) => (outcome.kind === 'withheld' || exact.kind === 'withheld' ? [] : [outcome]))
      expect(told).toHaveLength(400)
      const offs = told.map((outcome) => off(outcome, exact))
      expect(offs.filter((each) => each <= 1).length).toBeGreaterThan(0.93 * 400)
      const cohorts = told.map(({ cohort, error95 }) => Math.abs(cohort - all.length) <= error95.cohort)
      expect(cohorts.filter(Boolean).length).toBeGreaterThan(0.93 * 400)
      // Bounds that nobody could use would hold, too.
      expect(Math.max(...offs)).toBeGreaterThan(0.7)
      expect(new Set(told.map(({ cohort }) => cohort)).size).toBeGreaterThan(5)
    },
  )

  test('are exact where there is hardly any noise: nothing else is changed', () => {
    const hardlyAny = { epsilonMilli: 1_000_000_000 }
    for (const question of [{ kind: 'count' }, { kind: 'sum', range }, { kind: 'mean', range }, { kind: 'variance', range }] as const) {
      const told = ask(question, { parts: data, privacy: hardlyAny, seed: 1 })
      const exact = answerTo(question, BigInt(all.length), toBigInts(contributionTo(question, all).values))
      expect('value' in told && 'value' in exact && Math.abs(told.value - exact.value)).toBeLessThan(1e-9)
      expect(told).toMatchObject({ kind: question.kind, cohort: 210 })
    }
    expect(ask(EDGES, { parts: data, privacy: hardlyAny, seed: 1 })).toMatchObject({ cells: [210, 0, 0] })
  })

  test('cells are told as the noise left them, below 0 too, and add up to the cohort', () => {
    const outcomes = Array.from({ length: 40 }, (_, seed) => ask(EDGES, { parts: data, privacy: ONE, seed }))
    for (const outcome of outcomes) {
      expect('cells' in outcome && outcome.cells.reduce((a, b) => a + b, 0)).toBe('cohort' in outcome && outcome.cohort)
    }
    expect(outcomes.some((outcome) => 'cells' in outcome && outcome.cells.some((cell) => cell < 0))).toBe(true)
  })

  test('a mean or variance is never beyond what people can have, however loud the noise', () => {
    const loud = { epsilonMilli: 1 }
    for (let seed = 0; seed < 60; seed++) {
      const [mean, variance] = (['mean', 'variance'] as const).map((kind) => ask({ kind, range }, { parts: data, privacy: loud, seed }))
      if (mean !== undefined && 'value' in mean) {
        expect(mean.value).toBeGreaterThanOrEqual(range.min)
        expect(mean.value).toBeLessThanOrEqual(range.max)
        expect(mean.error95.value).toBeLessThanOrEqual(12.5 * 1.01)
      }
      if (variance !== undefined && 'value' in variance) expect(variance.value).toBeGreaterThanOrEqual(0)
    }
  })

  test('a noised cohort below 20 is withheld: of nobody nearly always', () => {
    const nobody = Array.from({ length: 100 }, (_, seed) => ask({ kind: 'count' }, { parts: [[], [], []], privacy: ONE, seed }))
    expect(nobody.filter(({ kind }) => kind === 'withheld').length).toBeGreaterThan(95)
  })

  test('what one hospital deals is not its own number, even if it is one person or nobody', () => {
    const dealt = Array.from({ length: 200 }, (_, seed) => signed(dealtBy({ kind: 'count' }, [5], seed).count[0]!))
    expect(new Set(dealt).size).toBeGreaterThan(5)
    expect(dealt.filter((people) => people === 1n).length).toBeLessThan(120)
    expect(dealt.some((people) => people < 0n)).toBe(true)
  })

  test('the expected error is that of such people', () => {
    const people = Array.from({ length: 999 }, (_, n) => range.min + 6.2 + ((n % 3) - 1) * 1.9)
    const parts = [people, [], []]
    for (const kind of ['mean', 'variance', 'sum'] as const) {
      const told = ask({ kind, range }, { parts, privacy: ONE, seed: 3 })
      const expected = expectedError({ kind, range }, ONE, { hospitals: 3, people: 999 })
      expect('error95' in told && told.error95.value / expected.value).toBeCloseTo(1, 0)
    }
    expect(expectedError({ kind: 'count' }, ONE, { hospitals: 3, people: 1 })).toEqual({ cohort: 5, value: 5 })
  })
})

describe('what is refused', () => {
  test('error: an epsilon that is none', () => {
    for (const epsilonMilli of [0, -1, 0.5, Number.NaN]) {
      expect(() => checkPrivacy({ kind: 'count' }, { epsilonMilli })).toThrow(code('sharing/bad-question'))
    }
  })

  test('error: a range whose noise could leave the field', () => {
    const wide = (max: number, min = 0) => ({ kind: 'sum', range: { min, max, decimals: 0 } }) as const
    expect(() => checkPrivacy(wide(229_000_000_000), ONE)).toThrow(code('sharing/bad-question'))
    expect(() => checkPrivacy(wide(1e12 + 1, 1e12), ONE)).toThrow(code('sharing/bad-question'))
    expect(() => checkPrivacy({ kind: 'sum', range: { min: 1e9, max: 1e9 + 1, decimals: 9 } }, ONE)).toThrow(code('sharing/bad-question'))
    checkPrivacy(wide(110_000_000_000), ONE)
    expect(110_000_000_000n * BigInt(MAX_PEOPLE)).toBeLessThan(round.field.prime / 2n)
  })

  test('error: cells that the count was not made of', () => {
    expect(() => privateAnswerTo(EDGES, ONE, { hospitals: 3, cohort: 30n, sums: [30n, 1n, 0n] })).toThrow(code('sharing/impossible-sums'))
    expect(privateAnswerTo(EDGES, ONE, { hospitals: 3, cohort: 30n, sums: [31n, round.field.prime - 1n, 0n] })).toMatchObject({
      cells: [31, -1, 0],
    })
  })
})

function dealtBy(question: Question, data: Data, seed: number, privacy = ONE) {
  const next = seededBits(seed)
  const chance = chanceFrom((words) => {
    for (let index = 0; index < words.length; index++) words[index] = next()
  })
  const { count, values } = privateContributionTo(question, data, { privacy, chance })
  return { count: toBigInts(count), values: toBigInts(values), dealt: { count, values } }
}

/** What is dealt if epsilon is so large that all noise is 0. */
function withoutNoise(question: Question, data: Data): { readonly count: bigint; readonly values: readonly bigint[] } {
  const { count, values } = dealtBy(question, data, 1, { epsilonMilli: 10 ** 15 })
  return { count: signed(count[0]!), values: values.map(signed) }
}

function ask(question: Question, { parts, privacy, seed }: { parts: readonly Data[]; privacy: Privacy; seed: number }): PrivateAnswer {
  const number = seededNumber(seed + 1_000)
  const dealt = parts.map((data) => dealtBy(question, data, number(2 ** 31), privacy).dealt)
  const open = (inputs: readonly Parameters<typeof playSum>[1][number][]) => {
    const { sums, evidence } = playSum(round, inputs, seededDraw(seed))
    return toBigInts(openSums(round, sums, evidence).secrets)
  }
  const [cohort] = open(dealt.map(({ count }) => count))
  const sums = question.kind === 'count' ? [] : open(dealt.map(({ values }) => values))
  return privateAnswerTo(question, privacy, { hospitals: parts.length, cohort: cohort!, sums })
}

/** How far an answer is from the exact one, in stated errors. */
function off(told: Exclude<PrivateAnswer, { kind: 'withheld' }>, exact: ReturnType<typeof answerTo>): number {
  if ('value' in told && 'value' in exact) return Math.abs(told.value - exact.value) / told.error95.value
  if ('cells' in told && 'cells' in exact) return Math.abs(told.cells[0]! - exact.cells[0]!) / told.error95.value
  return Number.NaN
}
