import { describe, expect, test } from 'vitest'
import { dealChecked } from './dealingProof.ts'
import { PRIME61 } from './field61.ts'
import { coinElement } from './jointCoin.ts'
import { answerRanks, dealCases, openRanks, type RankingPlan, rankingPlan, rankWitness } from './ranking.ts'
import { sharingRound } from './round.ts'
import {
  agreesWithSelectors,
  isPossibleSelectorProof,
  proofSecrets,
  proveSelectors,
  type SelectorProof,
  selectorChallenge,
} from './selectorProof.ts'
import { playRanking, seededBits, seededDraw, seededNumber, sortedInClear, type Waiting } from './sharing-play.ts'
import { type FieldVector, joined, setElement, vectorOf, zeros } from './vectors.ts'

const NAMES = ['mercy', 'lakeside', 'stclare', 'northgate', 'hillside', 'riverside', 'oakwood']
const three = sharingRound(NAMES.slice(0, 3), 2)
const coinOf = (seed: number): Uint8Array => Uint8Array.from({ length: 32 }, seededBits(seed))
const order = (length: number) => Array.from({ length }, (_, index) => index)

describe('private ranking', () => {
  test('gives each hospital the ranks of its own cases, higher scores first', () => {
    const plan = rankingPlan(three, 4)
    const { ranks, total } = playRanking(
      plan,
      { mercy: [10, 90], lakeside: [50], stclare: [100, 0, 49] },
      { draw: seededDraw(1), coin: coinOf(1) },
    )
    expect(ranks).toEqual({ mercy: [5, 2], lakeside: [3], stclare: [1, 6, 4] })
    expect(total).toBe(6)
  })

  test('is the clear-text sort in 1,000 random networks, with many ties, empty hospitals and drop-outs', { timeout: 60_000 }, () => {
    for (let seed = 1; seed <= 1_000; seed++) {
      const pick = seededNumber(seed)
      const hospitals = NAMES.slice(0, 3 + pick(5))
      const threshold = 2 + pick(Math.floor((hospitals.length - 1) / 2))
      // Few scores make many ties; every hundredth network has the whole scale, every eighth up to 500 cases a hospital.
      const scores = seed % 100 === 0 ? 101 : 2 + pick(6)
      const most = 1 + pick(seed % 8 === 0 ? 500 : 30)
      const plan = rankingPlan(sharingRound(hospitals, threshold), most, scores)
      const waiting: Waiting = Object.fromEntries(
        hospitals.map((name) => [name, Array.from({ length: pick(most + 1) }, () => pick(scores))]),
      )
      const dropped = pick(hospitals.length - (2 * threshold - 1) + 1)
      const answering = hospitals.slice(dropped)
      const { ranks, total, order } = playRanking(plan, waiting, { draw: seededDraw(seed), coin: coinOf(seed), answering })
      expect(ranks).toEqual(sortedInClear(plan, waiting, order))
      expect(total).toBe(Object.values(waiting).flat().length)
    }
  })

  test('equal scores come in an order that the coin fixes, and every order is as likely', () => {
    const plan = rankingPlan(three, 1, 2)
    const firsts = { mercy: 0, lakeside: 0, stclare: 0 }
    for (let seed = 1; seed <= 600; seed++) {
      const { ranks } = playRanking(plan, { mercy: [1], lakeside: [1], stclare: [1] }, { draw: seededDraw(seed), coin: coinOf(seed) })
      for (const name of ['mercy', 'lakeside', 'stclare'] as const) if (ranks[name]?.[0] === 1) firsts[name]++
    }
    // Three standard deviations of 600 draws at one third are 35.
    for (const count of Object.values(firsts)) expect(Math.abs(count - 200)).toBeLessThan(35)
  })

  test('a hospital that dealt nothing, or has no case, harms nobody', () => {
    const plan = rankingPlan(three, 2)
    const options = { draw: seededDraw(5), coin: coinOf(5) }
    expect(playRanking(plan, { mercy: [3], lakeside: [4] }, options).ranks).toEqual({ mercy: [2], lakeside: [1] })
    expect(playRanking(plan, { mercy: [3], lakeside: [4], stclare: [] }, options)).toMatchObject({ ranks: { stclare: [] }, total: 2 })
  })

  test('what is sent does not depend on how many cases a hospital has', () => {
    const plan = rankingPlan(three, 10)
    const lengths = [[], [1], Array<number>(10).fill(7)].map((cases) => {
      const { selectors, zeros } = dealCases(plan, cases, seededDraw(1))
      return [...selectors, ...zeros].map(({ length }) => length)
    })
    expect(lengths[1]).toEqual(lengths[0])
    expect(lengths[2]).toEqual(lengths[0])
  })

  test('error: a false answer of one of five is named, and the ranks are right all the same', () => {
    const plan = rankingPlan(sharingRound(NAMES.slice(0, 5), 2), 2, 5)
    const { answers } = answersOf(plan, { mercy: [4, 1], lakeside: [2], stclare: [3], northgate: [0], hillside: [0] })
    const shares = answers.map(({ from, ranks }) => ({ from, values: ranks.get('mercy')!.slice() }))
    shares[3]!.values[0]! ^= 1
    expect(openRanks(plan, shares, { cases: 2, total: 6 })).toEqual({ ranks: [1, 4], tampered: ['northgate'], missing: [] })
  })

  test('error: a false answer of one of three is noticed, as it gives what is no rank', () => {
    const plan = rankingPlan(three, 2, 5)
    const { answers } = answersOf(plan, { mercy: [4, 1], lakeside: [2], stclare: [3] })
    const shares = answers.map(({ from, ranks }) => ({ from, values: ranks.get('mercy')!.slice() }))
    shares[2]!.values[0]! ^= 64
    expect(() => openRanks(plan, shares, { cases: 2, total: 4 })).toThrow(expect.objectContaining({ code: 'sharing/impossible-rank' }))
  })

  test('ranks that are no permutation have another witness', () => {
    const point = coinElement(three.field, coinOf(1), 'ranks')
    expect(rankWitness(three, [3, 1, 2], point)).toEqual(rankWitness(three, [1, 2, 3], point))
    expect(rankWitness(three, [3, 1, 1], point)).not.toEqual(rankWitness(three, [1, 2, 3], point))
  })

  test.each([
    ['too many cases', [1, 2, 3], 'sharing/too-many-cases'],
    ['a score above the scale', [101], 'sharing/score-out-of-range'],
    ['a score below it', [-1], 'sharing/score-out-of-range'],
    ['half a score', [0.5], 'sharing/score-out-of-range'],
    ['no score', [Number.NaN], 'sharing/score-out-of-range'],
  ])('error: %s', (_, cases, code) => {
    expect(() => dealCases(rankingPlan(three, 2), cases, seededDraw(1))).toThrow(expect.objectContaining({ code }))
  })

  test('error: two hospitals cannot rank, nor can four of which three must meet', () => {
    for (const round of [sharingRound(NAMES.slice(0, 2), 2), sharingRound(NAMES.slice(0, 4), 3)]) {
      expect(() => rankingPlan(round, 5)).toThrow(expect.objectContaining({ code: 'sharing/impossible-round' }))
    }
  })

  test('error: a dealing of another size names its dealer, and an order that is none is refused', () => {
    const plan = rankingPlan(three, 2, 5)
    const { receivedBy } = answersOf(plan, { mercy: [4], lakeside: [2], stclare: [3] })
    const received = new Map(receivedBy('mercy')).set('stclare', {
      selectors: new Uint32Array(4),
      zeros: receivedBy('mercy').get('stclare')!.zeros,
    })
    expect(() => answerRanks(plan, received, order(6))).toThrow(expect.objectContaining({ hospitals: ['stclare'] }))
    expect(() => answerRanks(plan, receivedBy('mercy'), [0, 0, 1, 2, 3, 4])).toThrow(
      expect.objectContaining({ code: 'sharing/impossible-round' }),
    )
  })
})

describe('the proof of dealt cases', () => {
  const shape = { slots: 2, scores: 3 }
  const challenge = selectorChallenge(three.field, shape, coinOf(3))

  test('holds for every possible case, and for free slots', () => {
    for (const cases of [[], [0], [2], [1, 1], [0, 2]]) expect(blameOf(cases, () => undefined)).toBe('nobody')
  })

  test.each<[string, (secrets: FieldVector) => void]>([
    ['a case that counts double', (secrets) => setElement(secrets, 0, 2n)],
    ['one that counts less than nothing', (secrets) => setElement(secrets, 0, PRIME61 - 1n)],
    ['one with two scores', (secrets) => setElement(secrets, 1, 1n)],
    ['weights that would read others’ scores out of one rank', (secrets) => secrets.set(vectorOf([1, 1_000, 1_000_000]))],
    ['a square that is none', (secrets) => setElement(secrets, 2 * 3 + 2, 5n)],
    ['a zero that is none', (secrets) => setElement(secrets, 2 * 3 + 4, 5n)],
  ])('error: %s blames the dealer alone', (_, change) => {
    expect(blameOf([0], change)).toBe('dealer')
  })

  test('error: a dealer that publishes a better proof than it dealt is disputed', () => {
    const [good, bad] = [dealingOf([0], () => undefined), dealingOf([0], (secrets) => setElement(secrets, 0, 2n))]
    const proof = proveSelectors(three, shape, good, challenge)
    expect(isPossibleSelectorProof(three, shape, proof)).toBe(true)
    for (const [at, hospital] of three.hospitals.entries()) {
      expect(agreesWithSelectors(three, shape, { hospital, dealt: good[at]! }, proof, challenge)).toBe(true)
      expect(agreesWithSelectors(three, shape, { hospital, dealt: bad[at]! }, proof, challenge)).toBe(false)
    }
  })

  test.each<[string, Partial<SelectorProof>]>([
    ['short', { test: zeros(2) }],
    ['outside the field', { test: vectorOf([0, 0, PRIME61]) }],
    ['of another size', { opened: [zeros(2), zeros(2), zeros(3)] }],
    ['on no polynomial', { test: vectorOf([1, 2, 4]) }],
    ['not zero at 0', { test: vectorOf([2, 3, 4]) }],
  ])('error: a proof that is %s', (_, part) => {
    const proof = proveSelectors(
      three,
      shape,
      dealingOf([1], () => undefined),
      challenge,
    )
    expect(isPossibleSelectorProof(three, shape, { ...proof, ...part })).toBe(false)
  })

  function dealingOf(cases: readonly number[], change: (secrets: FieldVector) => void): FieldVector[] {
    const secrets = zeros(shape.slots * shape.scores)
    for (const [slot, score] of cases.entries()) setElement(secrets, slot * shape.scores + score, 1n)
    const all = joined([secrets, ...proofSecrets(three.field, seededDraw(8)(shape.slots))])
    change(all)
    return [...dealChecked(three, all, seededDraw(9))]
  }

  function blameOf(cases: readonly number[], change: (secrets: FieldVector) => void): 'nobody' | 'dealer' | 'a pair' {
    const dealing = dealingOf(cases, change)
    const proof = proveSelectors(three, shape, dealing, challenge)
    if (!isPossibleSelectorProof(three, shape, proof)) return 'dealer'
    const agree = three.hospitals.every((hospital, at) =>
      agreesWithSelectors(three, shape, { hospital, dealt: dealing[at]! }, proof, challenge),
    )
    return agree ? 'nobody' : 'a pair'
  }
})

function answersOf(plan: RankingPlan, waiting: Waiting) {
  const draw = seededDraw(12)
  const dealt = Object.entries(waiting).map(([dealer, cases]) => ({ dealer, ...dealCases(plan, cases, draw) }))
  const receivedBy = (hospital: string) => {
    const at = plan.round.hospitals.indexOf(hospital)
    return new Map(dealt.map(({ dealer, selectors, zeros }) => [dealer, { selectors: selectors[at]!, zeros: zeros[at]! }]))
  }
  const answers = plan.round.hospitals.map((from) => ({
    from,
    ...answerRanks(plan, receivedBy(from), order(plan.slots * plan.round.hospitals.length)),
  }))
  return { receivedBy, answers }
}
