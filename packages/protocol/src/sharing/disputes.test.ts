import { describe, expect, test } from 'vitest'
import { agreesWith, dealChecked, dealZeros, foldingPowers, isPossibleProof, isPossibleZeroProof, proveDealing } from './dealingProof.ts'
import { judge, openSums, sumShares } from './disputes.ts'
import type { Share } from './openShares.ts'
import { type SharingRound, sharingRound } from './round.ts'
import { seededDraw } from './sharing-play.ts'
import { toBigInts, vectorOf, zeros } from './vectors.ts'

const NAMES = ['mercy', 'lakeside', 'stclare', 'northgate', 'hillside']
const three = sharingRound(NAMES.slice(0, 3), 2)

describe('a checked sum', () => {
  test('opens, with everybody there or as many missing as may drop out', () => {
    const { sums, evidence } = playSum(three)
    expect(toBigInts(openSums(three, sums, evidence).secrets)).toEqual([60n, 600n])
    expect(openSums(three, sums.slice(1), evidence)).toMatchObject({ tampered: [], missing: ['mercy'] })
    expect(toBigInts(openSums(three, sums.slice(1), evidence).secrets)).toEqual([60n, 600n])
  })

  test.each([0, 2, 4])('names who changed word %i of its sum, of only three, and opens the right one all the same', (word) => {
    for (const [at, name] of three.hospitals.entries()) {
      const { sums, evidence } = playSum(three)
      sums[at]!.values[word]! ^= 1
      const opened = openSums(three, sums, evidence)
      expect(opened.tampered).toEqual([name])
      expect(toBigInts(opened.secrets)).toEqual([60n, 600n])
    }
  })

  test('error: with no share to spare the false one is named and nothing opened', () => {
    const { sums, evidence } = playSum(three)
    sums[1]!.values[0]! ^= 1
    expect(() => openSums(three, sums.slice(1), evidence)).toThrow(
      expect.objectContaining({ code: 'sharing/tampered', hospitals: ['lakeside'] }),
    )
  })

  test('error: nothing to sum, or vectors of different lengths', () => {
    expect(() => sumShares(three, [])).toThrow(expect.objectContaining({ code: 'sharing/too-few' }))
    expect(() => sumShares(three, [zeros(1), zeros(2)])).toThrow(expect.objectContaining({ code: 'sharing/wrong-length' }))
  })
})

describe('the proof of a dealing', () => {
  const powers = foldingPowers(three.field, 123_456_789_123n, 2)

  test('agrees with what an honest dealer dealt, at every hospital', () => {
    const dealing = dealChecked(three, vectorOf([5, 6]), seededDraw(1))
    const proof = proveDealing(three, dealing, powers)
    expect(isPossibleProof(three, proof)).toBe(true)
    for (const [at, name] of three.hospitals.entries()) expect(agreesWith(three, name, dealing[at]!, proof, powers)).toBe(true)
  })

  test('shows shares that lie on no polynomial, to the dealer’s shame', () => {
    const dealing = dealChecked(three, vectorOf([5, 6]), seededDraw(1))
    dealing[1]![0]! ^= 1
    expect(isPossibleProof(three, proveDealing(three, dealing, powers))).toBe(false)
    expect(isPossibleProof(three, zeros(2))).toBe(false)
    expect(isPossibleProof(three, vectorOf([1, 2, 2n ** 61n - 1n]))).toBe(false)
  })

  test('is disputed by who was dealt something else', () => {
    const dealing = dealChecked(three, vectorOf([5, 6]), seededDraw(1))
    const proof = proveDealing(three, dealing, powers)
    dealing[1]![0]! ^= 1
    expect(agreesWith(three, 'lakeside', dealing[1]!, proof, powers)).toBe(false)
    expect(agreesWith(three, 'lakeside', zeros(2), proof, powers)).toBe(false)
    expect(agreesWith(three, 'lakeside', vectorOf([1, 2, 2n ** 61n - 1n]), proof, powers)).toBe(false)
  })

  test('of zeros shows a dealer whose zeros are none', () => {
    const dealing = dealZeros(three, 2, seededDraw(4))
    expect(isPossibleZeroProof(three, proveDealing(three, dealing, powers))).toBe(true)
    for (const share of dealing) share[0]! ^= 1
    expect(isPossibleZeroProof(three, proveDealing(three, dealing, powers))).toBe(false)
  })
})

describe('judging disputes', () => {
  const five = sharingRound(NAMES, 3)

  test('whoever disputes with a threshold of others is guilty; two alone stay a pair', () => {
    expect(judge(three, [{ dealer: 'mercy', by: 'lakeside' }])).toEqual({ guilty: [], pairs: [{ dealer: 'mercy', by: 'lakeside' }] })
    expect(
      judge(three, [
        { dealer: 'mercy', by: 'lakeside' },
        { dealer: 'stclare', by: 'lakeside' },
      ]),
    ).toEqual({ guilty: ['lakeside'], pairs: [] })
  })

  test('no two of five together make an honest one guilty, whatever they dispute', () => {
    const liars = ['mercy', 'lakeside']
    const all = liars.flatMap((liar) =>
      NAMES.flatMap((other) => [
        { dealer: liar, by: other },
        { dealer: other, by: liar },
      ]),
    )
    const { guilty } = judge(
      five,
      all.filter(({ dealer, by }) => dealer !== by),
    )
    expect(guilty).toEqual(liars)
  })
})

/** Three hospitals put in 10, 20, 30 and ten times as much. */
function playSum(round: SharingRound): { sums: Share[]; evidence: Parameters<typeof openSums>[2] } {
  const draw = seededDraw(9)
  const powers = foldingPowers(round.field, 987_654_321_987n, 2)
  const dealings = [10, 20, 30].map((value) => dealChecked(round, vectorOf([value, 10 * value]), draw))
  const sums = round.hospitals.map((from, at) => ({
    from,
    values: sumShares(
      round,
      dealings.map((dealing) => dealing[at]!),
    ),
  }))
  return { sums, evidence: { proofs: dealings.map((dealing) => proveDealing(round, dealing, powers)), powers } }
}
