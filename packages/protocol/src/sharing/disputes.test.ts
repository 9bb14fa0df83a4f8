import { describe, expect, test } from 'vitest'
import { agreesWith, dealChecked, dealZeros, foldingPowers, isPossibleProof, isPossibleZeroProof, proveDealing } from './dealingProof.ts'
import { judge } from './disputes.ts'
import { sharingRound } from './round.ts'
import { seededDraw } from './sharing-play.ts'
import { vectorOf, zeros } from './vectors.ts'

const NAMES = ['mercy', 'lakeside', 'stclare', 'northgate', 'hillside']
const three = sharingRound(NAMES.slice(0, 3), 2)

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
