import { describe, expect, test } from 'vitest'
import { fold } from './dealingProof.ts'
import { type BoundSum, openSums, sumShares } from './openSums.ts'
import { sharingRound } from './round.ts'
import { playSum, seededDraw } from './sharing-play.ts'
import { element, toBigInts, vectorOf, zeros } from './vectors.ts'

const three = sharingRound(['mercy', 'lakeside', 'stclare'], 2)
const play = () =>
  playSum(
    three,
    [10, 20, 30].map((value) => vectorOf([value, 10 * value])),
    seededDraw(9),
  )

describe('a checked sum', () => {
  test('opens, with everybody there or as many missing as may drop out', () => {
    const { sums, evidence } = play()
    expect(toBigInts(openSums(three, sums, evidence).secrets)).toEqual([60n, 600n])
    expect(openSums(three, sums.slice(1), evidence)).toMatchObject({ tampered: [], missing: ['mercy'] })
    expect(toBigInts(openSums(three, sums.slice(1), evidence).secrets)).toEqual([60n, 600n])
  })

  test.each([0, 2, 4])('names who changed word %i of its sum, of only three, and opens the right one all the same', (word) => {
    for (const [at, name] of three.hospitals.entries()) {
      const { sums, evidence } = play()
      sums[at]!.values[word]! ^= 1
      const opened = openSums(three, sums, evidence)
      expect(opened.tampered).toEqual([name])
      expect(toBigInts(opened.secrets)).toEqual([60n, 600n])
    }
  })

  test('error: with no share to spare the false one is named and nothing opened', () => {
    const { sums, evidence } = play()
    sums[1]!.values[0]! ^= 1
    expect(() => openSums(three, sums.slice(1), evidence)).toThrow(
      expect.objectContaining({ code: 'sharing/tampered', hospitals: ['lakeside'] }),
    )
  })

  test('error: a false sum that was made to fold right, once the coin was known, is named: it is not the bound one', () => {
    const { sums, evidence } = play()
    const forged = sums[0]!.values
    const before = fold(three.field, forged, evidence.powers)
    three.field.add(forged, vectorOf([1, 0, three.field.prime - element(evidence.powers, 0)]))
    expect(fold(three.field, forged, evidence.powers)).toBe(before)
    const opened = openSums(three, sums, evidence)
    expect(opened.tampered).toEqual(['mercy'])
    expect(toBigInts(opened.secrets)).toEqual([60n, 600n])
  })

  test.each<[string, (sum: BoundSum) => BoundSum]>([
    ['another salt', (sum) => ({ ...sum, salt: new Uint8Array(32).fill(77) })],
    ['a short salt', (sum) => ({ ...sum, salt: new Uint8Array(31) })],
    ['a longer vector', (sum) => ({ ...sum, values: zeros(4) })],
    ['an element outside the field', (sum) => ({ ...sum, values: sum.values.map(() => 0xffffffff) })],
  ])('error: %s names its sender', (_, change) => {
    const { sums, evidence } = play()
    expect(openSums(three, [sums[0]!, sums[1]!, change(sums[2]!)], evidence)).toMatchObject({ tampered: ['stclare'], missing: [] })
  })

  test('error: nothing to sum, or vectors of different lengths', () => {
    expect(() => sumShares(three, [])).toThrow(expect.objectContaining({ code: 'sharing/too-few' }))
    expect(() => sumShares(three, [zeros(1), zeros(2)])).toThrow(expect.objectContaining({ code: 'sharing/wrong-length' }))
  })
})
