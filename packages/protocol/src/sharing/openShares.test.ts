import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dealProductShares, dealShares } from './dealShares.ts'
import { openShares, type Share } from './openShares.ts'
import { pointOf, productThreshold, type SharingRound, sharingRound } from './round.ts'
import { seededDraw } from './sharing-play.ts'
import { type FieldVector, toBigInts, vectorOf, zeros } from './vectors.ts'

const NAMES = ['mercy', 'lakeside', 'stclare', 'northgate', 'hillside', 'riverside', 'oakwood']
const roundOf = (hospitals: number, threshold: number): SharingRound => sharingRound(NAMES.slice(0, hospitals), threshold)
const sharesOf = (round: SharingRound, secrets: readonly (number | bigint)[], seed = 1): Share[] =>
  dealShares(round, vectorOf([...secrets]), seededDraw(seed)).map((values, at) => ({ from: round.hospitals[at]!, values }))
const code = (value: string) => expect.objectContaining({ code: value })
const flip = (shares: readonly Share[], at: number): void => {
  shares[at]!.values[2]! ^= 5
}

describe('opening shares', () => {
  test('any threshold of hospitals gets every secret back, in any order, and who is missing is named', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 7 }),
        fc.nat(),
        fc.nat(),
        fc.array(fc.bigInt({ min: 0n, max: 2n ** 61n - 2n })),
        (n, t, seed, secrets) => {
          const round = roundOf(n, 2 + (t % (n - 1)))
          const all = sharesOf(round, secrets, seed)
          const order = all.map((share, at) => ({ share, at: (at * 5 + seed) % 7 })).sort((one, other) => one.at - other.at)
          const some = order.slice(0, round.threshold).map(({ share }) => share)
          const opened = openShares(round, some)
          expect(toBigInts(opened.secrets)).toEqual(secrets)
          expect(opened.tampered).toEqual([])
          expect([...opened.missing, ...some.map(({ from }) => from)].sort()).toEqual([...round.hospitals].sort())
        },
      ),
      { seed: 6, numRuns: 300 },
    )
  })

  test('shares of two values multiply to a product that twice the threshold less one opens, hidden by shares of zero', () => {
    const round = roundOf(5, 3)
    const [left, right] = [sharesOf(round, [1_000_003], 1), sharesOf(round, [77], 2)]
    const hidden = dealProductShares(round, zeros(1), seededDraw(3))
    const products = left.map(({ from, values }, at) => {
      const product = hidden[at]!.slice()
      round.field.addDot(product, 0, { left: values, leftAt: 0, right: right[at]!.values, rightAt: 0, count: 1 })
      return { from, values: product }
    })
    expect(toBigInts(openShares(round, products, { needed: productThreshold(round) }).secrets)).toEqual([77_000_231n])
    expect(() => openShares(round, products.slice(1), { needed: productThreshold(round) })).toThrow(code('sharing/too-few'))
  })

  test('one false share of four, and two of six, are left out and named', () => {
    const four = sharesOf(roundOf(4, 2), [7, 8, 9])
    flip(four, 2)
    expect(openShares(roundOf(4, 2), four)).toMatchObject({ tampered: ['stclare'], missing: [] })
    const six = sharesOf(roundOf(6, 2), [7, 8, 9])
    flip(six, 0)
    flip(six, 5)
    const opened = openShares(roundOf(6, 2), six)
    expect(opened.tampered).toEqual(['mercy', 'riverside'])
    expect(toBigInts(opened.secrets)).toEqual([7n, 8n, 9n])
  })

  test('error: one false share of three is noticed, and nothing is opened', () => {
    for (const at of [0, 1, 2]) {
      const shares = sharesOf(roundOf(3, 2), [7, 8, 9])
      flip(shares, at)
      expect(() => openShares(roundOf(3, 2), shares)).toThrow(code('sharing/inconsistent'))
    }
  })

  test('error: a vector of another length than expected, were it the usual one', () => {
    const round = roundOf(3, 2)
    expect(() => openShares(round, sharesOf(round, [7, 8]), { count: 1 })).toThrow(code('sharing/wrong-length'))
  })

  test('error: too few, with the names of the missing', () => {
    expect(() => openShares(roundOf(3, 2), sharesOf(roundOf(3, 2), [7]).slice(1, 2))).toThrow(
      expect.objectContaining({ code: 'sharing/too-few', hospitals: ['mercy', 'stclare'] }),
    )
    expect(() => openShares(roundOf(3, 2), [])).toThrow(code('sharing/too-few'))
  })

  test.each<[string, string, (values: FieldVector) => Share]>([
    ['a share outside the field', 'sharing/outside-field', (values) => ({ from: 'stclare', values: values.map(() => 0xffffffff) })],
    ['the prime itself', 'sharing/outside-field', () => ({ from: 'stclare', values: vectorOf([2n ** 61n - 1n]) })],
    ['a second share of the same hospital', 'sharing/duplicate', (values) => ({ from: 'mercy', values })],
    ['a share of a stranger', 'sharing/unknown-sender', (values) => ({ from: 'oakwood', values })],
    ['a longer vector', 'sharing/wrong-length', () => ({ from: 'stclare', values: zeros(2) })],
    ['half an element', 'sharing/wrong-length', () => ({ from: 'stclare', values: new Uint32Array(1) })],
  ])('error: %s, with the name of its sender', (_, expected, last) => {
    const round = roundOf(3, 2)
    const shares = sharesOf(round, [7])
    const bad = last(shares[2]!.values)
    for (const list of [
      [shares[0]!, shares[1]!, bad],
      [bad, shares[0]!, shares[1]!],
    ]) {
      expect(() => openShares(round, list)).toThrow(expect.objectContaining({ code: expected, hospitals: [bad.from] }))
    }
  })
})

describe('a round', () => {
  test.each([
    ['a threshold of one', NAMES.slice(0, 3), 1],
    ['a threshold above the hospitals', NAMES.slice(0, 3), 4],
    ['no whole threshold', NAMES.slice(0, 3), 2.5],
    ['a hospital twice', ['mercy', 'mercy', 'stclare'], 2],
    ['one hospital', ['mercy'], 2],
    ['more than twelve', Array.from({ length: 13 }, (_, index) => `h${index}`), 2],
  ])('error: %s', (_, hospitals, threshold) => {
    expect(() => sharingRound(hospitals, threshold)).toThrow(code('sharing/impossible-round'))
  })

  test('error: a place for a hospital that is not in it', () => {
    expect(() => pointOf(roundOf(3, 2), 'oakwood')).toThrow(code('sharing/not-in-round'))
  })
})
