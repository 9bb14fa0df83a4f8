import { describe, expect, test } from 'vitest'
import { bigintField } from './bigintField.ts'
import { type Dealing, dealChecked, foldingPowers, proveDealing } from './dealingProof.ts'
import { dealShares } from './dealShares.ts'
import type { DrawElements } from './field.ts'
import { sumShares } from './openSums.ts'
import { answerRanks, type DealtCases, dealCases, rankingPlan } from './ranking.ts'
import { type SharingRound, sharingRound } from './round.ts'
import { challengeOf, proofSecrets, proveSelectors } from './selectorProof.ts'
import { everyView, seededDraw } from './sharing-play.ts'
import { type FieldVector, joined, part, toBigInts, vectorOf } from './vectors.ts'

const small = (hospitals: number, threshold: number, prime: bigint): SharingRound =>
  sharingRound(['mercy', 'lakeside', 'stclare', 'northgate', 'hillside'].slice(0, hospitals), threshold, bigintField(prime))

describe('what colluding hospitals see, over every possible draw of a small field', () => {
  test.each([
    [3, 2, 5n],
    [3, 2, 7n],
    [4, 2, 11n],
  ])(
    'of %i hospitals, one short of %i see the same for every secret below %s, the proof of the dealing included',
    (hospitals, threshold, prime) => {
      const round = small(hospitals, threshold, prime)
      for (let colluder = 0; colluder < hospitals; colluder++) {
        const views = [0n, 1n, prime - 1n].map((secret) => everyView(prime, 3, (draw) => dealingView(round, [colluder], secret, draw)))
        expect(views[1]).toEqual(views[0])
        expect(views[2]).toEqual(views[0])
      }
    },
  )

  test('two of five see the same when it takes three', () => {
    const round = small(5, 3, 7n)
    const views = [0n, 5n].map((secret) => everyView(7n, 5, (draw) => dealingView(round, [1, 4], secret, draw)))
    expect(views[1]).toEqual(views[0])
  })

  test('as many as the threshold do see a difference', () => {
    const round = small(3, 2, 5n)
    const views = [0n, 1n].map((secret) => everyView(5n, 3, (draw) => dealingView(round, [0, 2], secret, draw)))
    expect(views[1]).not.toEqual(views[0])
  })

  test('of a checked sum one hospital sees nothing but the sum', () => {
    const round = small(3, 2, 5n)
    const views = [
      [1n, 3n],
      [4n, 0n],
      [3n, 2n],
    ].map((inputs) => everyView(5n, 6, (draw) => sumView(round, inputs, draw)))
    expect(views[1]).toEqual(views[0])
    // 3 + 2 is another sum.
    expect(views[2]).not.toEqual(views[0])
  })

  test('of the proof of dealt cases one hospital sees nothing, for either score and a free slot', () => {
    const views = [[0], [1], []].map((cases) => everyView(5n, 6, (draw) => selectorView(cases, draw)))
    expect(views[1]).toEqual(views[0])
    expect(views[2]).toEqual(views[0])
  })

  test('of a ranking one hospital sees nothing but its own ranks and the total', () => {
    const views = [
      [[1], [0]],
      [[0], [1]],
    ].map((cases) => everyView(5n, 6, (draw) => rankingView({ scores: 2, own: 0, others: cases }, draw)))
    expect(views[1]).toEqual(views[0])
  })

  test('nor which scores the cases behind its own have, which it would see without the shares of zero', () => {
    const cases = [0, 1].map((score) => ({ scores: 3, own: 2, others: [[score]] }))
    const views = cases.map((each) => everyView(5n, 5, (draw) => rankingView(each, draw)))
    expect(views[1]).toEqual(views[0])
    const unhidden = cases.map((each) => everyView(5n, 3, (draw) => rankingView({ ...each, isUnhidden: true }, draw)))
    expect(unhidden[1]).not.toEqual(unhidden[0])
  })
})

describe('what one hospital sees of a ranking in the real field', () => {
  test('is spread evenly, one by one and in pairs, whatever the others put in', () => {
    const plan = rankingPlan(sharingRound(['mercy', 'lakeside', 'stclare'], 2), 1, 2)
    for (const others of [
      [[1], [0]],
      [[0], [1]],
    ]) {
      const draw = seededDraw(17)
      const seen = Array.from({ length: 4_000 }, () => {
        const dealt = [[0], ...others].map((cases) => dealCases(plan, cases, draw))
        return topBits(oneHospitalsView(plan, dealt))
      })
      const elements = seen[0]!.length
      for (let one = 0; one < elements; one++) {
        for (let other = one + 1; other < elements; other++) {
          const cells = new Float64Array(16)
          for (const view of seen) cells[4 * view[one]! + view[other]!]!++
          const expected = seen.length / 16
          const chiSquare = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
          // 15 degrees of freedom: above 45 once in 10,000.
          expect(chiSquare).toBeLessThan(45)
        }
      }
    }
  })
})

function dealingView(round: SharingRound, colluders: readonly number[], secret: bigint, draw: DrawElements): string {
  const dealing = dealChecked(round, vectorOf([secret]), draw)
  return text([...colluders.map((at) => dealing[at]!), proveDealing(round, dealing, foldingPowers(round.field, 2n, 1))])
}

/** The first hospital's: what it was dealt, all proofs, and all sums. */
function sumView(round: SharingRound, inputs: readonly bigint[], draw: DrawElements): string {
  const own = dealChecked(round, vectorOf([2]), (count) => vectorOf(Array<number>(count).fill(3)))
  const others = inputs.map((input) => dealChecked(round, vectorOf([input]), draw))
  const powers = foldingPowers(round.field, 3n, 1)
  const all: Dealing[] = [own, ...others]
  const proofs = others.map((dealing) => proveDealing(round, dealing, powers))
  const sums = round.hospitals.map((_, at) =>
    sumShares(
      round,
      all.map((dealing) => dealing[at]!),
    ),
  )
  return text([...others.map((dealing) => dealing[0]!), ...proofs, ...sums])
}

/** What another hospital was dealt of one slot of two scores, and the dealer's proof of it. */
function selectorView(cases: readonly number[], draw: DrawElements): string {
  const round = small(3, 2, 5n)
  const shape = { slots: 1, scores: 2 }
  const secrets = [vectorOf([0, 1].map((score) => (cases[0] === score ? 1 : 0))), ...proofSecrets(round.field, draw(1))]
  const dealing = dealShares(round, joined(secrets), draw)
  const { opened, test } = proveSelectors(round, shape, dealing, challengeOf(round.field, vectorOf([2, 3]), vectorOf([4])))
  return text([dealing[1]!, ...opened, test])
}

type Cases = {
  readonly scores: number
  readonly own: number
  readonly others: readonly (readonly number[])[]
  readonly isUnhidden?: boolean
}

/** The first hospital's, with one case; drawn are the others' selectors, and what the second one hides the first one's rank with. */
function rankingView({ scores, own, others, isUnhidden = false }: Cases, draw: DrawElements): string {
  const plan = rankingPlan(small(3, 2, 5n), 1, scores)
  const ones: DrawElements = (count) => vectorOf(Array<number>(count).fill(1))
  const dealt = others.map((cases, index) => dealCases(plan, cases, partly(draw, scores, index === 0 && !isUnhidden)))
  const third = others.length < 2 ? [dealCases(plan, [], ones)] : []
  return text(oneHospitalsView(plan, [dealCases(plan, [own], ones), ...dealt, ...third]))
}

/** Draws what the view depends on, and fixes the rest: masks, and the zeros of other slots. */
function partly(draw: DrawElements, scores: number, isZeroDrawn: boolean): DrawElements {
  return (count) => {
    const drawn = vectorOf(Array<number>(count).fill(0))
    // The selectors, what proves them, and a mask; then four zeros of two coefficients each, of which the first is for the first hospital's slot.
    if (count === scores + 4) drawn.set(draw(scores), 0)
    if (count === 8 && isZeroDrawn) for (const at of [0, 4]) drawn.set(draw(1), 2 * at)
    return drawn
  }
}

function oneHospitalsView(plan: ReturnType<typeof rankingPlan>, dealt: readonly DealtCases[]): FieldVector[] {
  const { round, slots, scores } = plan
  const order = Array.from({ length: slots * round.hospitals.length }, (_, place) => place)
  const answers = round.hospitals.map((_, at) => {
    const received = round.hospitals.map(
      (name, dealer) => [name, { selectors: dealt[dealer]!.selectors[at]!, zeros: dealt[dealer]!.zeros[at]! }] as const,
    )
    return answerRanks(plan, new Map(received), order)
  })
  // Without what proves the selectors, and without the last answers and totals: the rank and the total fix those.
  const received = dealt.slice(1).map(({ selectors }) => part(selectors[0]!, 0, slots * scores))
  const own = answers.slice(0, -1).map(({ ranks }) => ranks.get('mercy')!)
  return [...received, ...own, ...answers.slice(1, 2).map(({ total }) => total)]
}

const text = (vectors: readonly FieldVector[]): string => toBigInts(joined(vectors)).join(' ')
/** The two highest bits of each element. */
const topBits = (vectors: readonly FieldVector[]): number[] =>
  [...joined(vectors)].filter((_, word) => word % 2 === 1).map((high) => high >>> 27)
