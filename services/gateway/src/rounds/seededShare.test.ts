import { dealShares, drawElements, openShares, sharingRound, toBigInts, vectorOf } from '@medsync/protocol/sharing'
import { describe, expect, test } from 'vitest'
import { drawFrom, RoundSeed, rosterOf } from './roundSeed.ts'
import { cutIntoParts, partsFor } from './roundSteps.ts'
import { seedShare, unpackDealt } from './seededShare.ts'

const draw = drawElements((words) => crypto.getRandomValues(words))
const seed = new Uint8Array(32).fill(5)

describe('a seed in place of a share', () => {
  test.each([
    [3, 2],
    [5, 2],
    [5, 3],
    [7, 3],
  ])('%i hospitals, threshold %i: the secrets stay, any threshold of shares gives them, and the seed is its share', (size, threshold) => {
    const round = sharingRound(
      Array.from({ length: size }, (_, n) => `h${n}`),
      threshold,
    )
    const secrets = vectorOf([7, 0, 123_456_789_012n])
    for (const [at, hospital] of round.hospitals.entries()) {
      const dealing = seedShare(round, dealShares(round, secrets, draw), hospital, seed)
      expect(dealing[at]).toEqual(drawFrom(seed)(3))
      const shares = dealing.map((values, n) => ({ from: `h${n}`, values }))
      expect(toBigInts(openShares(round, shares).secrets)).toEqual([7n, 0n, 123_456_789_012n])
      expect(openShares(round, shares).tampered).toEqual([])
      expect(toBigInts(openShares(round, shares.slice(-threshold)).secrets)).toEqual([7n, 0n, 123_456_789_012n])
    }
  })

  test('error: bytes of another shape are none', () => {
    const sizes = { selectors: 2, zeros: 1 }
    expect(unpackDealt(new Uint8Array(1 + 16 + 8), sizes)?.selectors).toHaveLength(4)
    expect(unpackDealt(Uint8Array.of(1, ...new Uint8Array(40)), sizes)?.selectors).toEqual(drawFrom(new Uint8Array(32))(2))
    for (const bytes of [[], [0], [2, ...new Uint8Array(24)], [1, ...new Uint8Array(41)]])
      expect(unpackDealt(Uint8Array.from(bytes), sizes)).toBeUndefined()
  })
})

describe('a round’s seed', () => {
  test('gives the same again for the same use, and something else for another use or round', () => {
    const one = new RoundSeed(seed, 'r1')
    expect(one.bytes('nonce')).toEqual(new RoundSeed(seed, 'r1').bytes('nonce'))
    expect(one.draw('deal')(50)).toEqual(one.draw('deal')(50))
    for (const other of [one.bytes('salt'), new RoundSeed(seed, 'r2').bytes('nonce')]) expect(other).not.toEqual(one.bytes('nonce'))
    expect(one.sealing('p', Uint8Array.of(1))).not.toEqual(one.sealing('p', Uint8Array.of(2)))
  })
})

describe('a list of hospitals in the uses of a seed', () => {
  test('is another one when somebody is missing, more, or in another place', () => {
    const rosters = [
      ['a', 'b', 'c'],
      ['a', 'b'],
      ['a', 'c', 'b'],
      ['a', 'b', 'c', 'd'],
      ['a,b', 'c'],
    ].map(rosterOf)
    expect(new Set(rosters).size).toBe(rosters.length)
  })
})

describe('messages cut into parts', () => {
  test('come together again, and no part is larger than the app takes', () => {
    const sizes = [900_000, 10, 0, 500_000]
    const messages = new Map(sizes.map((size, n) => [`h${n}`, new Uint8Array(size).map((_, at) => at * (n + 3))]))
    const parts = cutIntoParts(messages, partsFor(sizes))
    for (const pieces of parts) expect(pieces.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThanOrEqual(480 * 1_024)
    for (const [to, bytes] of messages) {
      const whole = Buffer.concat(parts.flat().flatMap((piece) => (piece.to === to ? [piece.bytes] : [])))
      expect(whole.equals(bytes)).toBe(true)
    }
  })
})
