import { describe, expect, test } from 'vitest'
import { field61 } from './field61.ts'
import { coinElement, coinOrder, commitToNonce, jointCoin, type NonceReveal } from './jointCoin.ts'

const reveal = (hospital: string, byte: number, round = 'round-1'): NonceReveal => {
  const nonce = new Uint8Array(32).fill(byte)
  return { hospital, nonce, commitment: commitToNonce({ round, hospital }, nonce) }
}
const reveals = [reveal('mercy', 1), reveal('lakeside', 2), reveal('stclare', 3)]

describe('the joint coin', () => {
  test('changes with every nonce, and with the round', () => {
    const changed = [reveals, [...reveals.slice(0, 2), reveal('stclare', 4)], reveals.slice(0, 2)].map((list) => jointCoin('round-1', list))
    const other = jointCoin(
      'round-2',
      [1, 2, 3].map((byte, at) => reveal(['mercy', 'lakeside', 'stclare'][at]!, byte, 'round-2')),
    )
    expect(new Set([...changed, other].map((coin) => coin.join())).size).toBe(4)
  })

  test.each<[string, NonceReveal]>([
    ['another nonce', { ...reveal('stclare', 3), nonce: new Uint8Array(32).fill(9) }],
    ['a short nonce', { ...reveal('stclare', 3), nonce: new Uint8Array(31).fill(3) }],
    ['another hospital’s commitment and nonce', { ...reveal('mercy', 1), hospital: 'stclare' }],
    ['one of another round', reveal('stclare', 3, 'round-2')],
  ])('error: %s names who showed it', (_, last) => {
    expect(() => jointCoin('round-1', [...reveals.slice(0, 2), last])).toThrow(
      expect.objectContaining({ code: 'sharing/false-nonce', hospitals: ['stclare'] }),
    )
  })

  test('error: a hospital twice', () => {
    expect(() => jointCoin('round-1', [...reveals, reveal('mercy', 5)])).toThrow(
      expect.objectContaining({ code: 'sharing/duplicate', hospitals: ['mercy'] }),
    )
  })

  test('gives elements and orders that anybody can repeat; another label, another element', () => {
    const coin = jointCoin('round-1', reveals)
    expect(coinElement(field61, coin, 'sums')).toBe(coinElement(field61, coin, 'sums'))
    expect(coinElement(field61, coin, 'sums')).not.toBe(coinElement(field61, coin, 'ranks'))
    expect(coinOrder(coin, 9)).toMatchInlineSnapshot(`
      [
        2,
        7,
        8,
        4,
        6,
        0,
        1,
        3,
        5,
      ]
    `)
    for (const count of [0, 1, 5, 1_000]) expect([...coinOrder(coin, count)].sort((a, b) => a - b)).toEqual([...Array(count).keys()])
  })
})
