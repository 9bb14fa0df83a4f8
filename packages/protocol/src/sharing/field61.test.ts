import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bigintField } from './bigintField.ts'
import { drawElements } from './drawElements.ts'
import { inverse, modulo } from './field.ts'
import { field61, PRIME61 } from './field61.ts'
import { seededDraw } from './sharing-play.ts'
import { countOf, toBigInts, vectorOf, zeros } from './vectors.ts'

const plain = bigintField(PRIME61)
const cuts = [0n, 20n, 29n, 30n, 31n, 32n, 53n, 60n].map((bits) => 2n ** bits)
const edges = [...new Set(cuts.flatMap((cut) => [cut - 1n, cut, cut + 1n, PRIME61 - cut]))].filter(
  (value) => value >= 0n && value < PRIME61,
)
const elements = fc.oneof(fc.bigInt({ min: 0n, max: PRIME61 - 1n }), fc.constantFrom(...edges))

describe('the field of 61 bits', () => {
  test('its prime is one', () => {
    // Fermat, for the bases that leave no doubt below 3.3 * 10^24 (Sorenson and Webster 2015); p - 1 is twice an odd number.
    for (const base of [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n]) {
      const root = power(base, (PRIME61 - 1n) / 2n)
      expect([1n, PRIME61 - 1n]).toContain(root)
    }
  })

  test('adds and multiplies as plain arithmetic does, at every edge of its pieces', () => {
    let differences = 0
    for (const one of edges) {
      for (const other of edges) {
        for (const before of [0n, 1n, PRIME61 - 1n, 2n ** 60n]) differences += differs(one, other, before)
      }
    }
    expect(differences).toBe(0)
  })

  test('and anywhere else', () => {
    fc.assert(
      fc.property(elements, elements, elements, (one, other, before) => differs(one, other, before) === 0),
      { seed: 61, numRuns: 3_000 },
    )
  })

  test('sums of products are exact over more terms than its doubles hold at once, at the largest elements', () => {
    const count = 2 ** 19 + 3
    const largest = vectorOf([PRIME61 - 1n, 2n ** 60n + 2n ** 30n - 1n])
    const vector = zeros(count)
    for (let index = 0; index < count; index++) vector.set(largest.subarray(2 * (index % 2), 2 * (index % 2) + 2), 2 * index)
    const result = vectorOf([5])
    field61.addDot(result, 0, { left: vector, leftAt: 0, right: vector, rightAt: 0, count })
    const squares = toBigInts(largest).map((value) => value * value)
    const expected = 5n + squares[0]! * BigInt(Math.ceil(count / 2)) + squares[1]! * BigInt(Math.floor(count / 2))
    expect(toBigInts(result)).toEqual([expected % PRIME61])
  })

  test('every element but zero has an inverse', () => {
    for (const value of edges.slice(1)) expect(modulo(field61, value * inverse(field61, value))).toBe(1n)
    expect(() => inverse(field61, 0n)).toThrow('zero has no inverse')
  })

  test('tells what is outside', () => {
    expect(field61.firstOutside(vectorOf([0, PRIME61 - 1n]))).toBe(-1)
    for (const outside of [PRIME61, PRIME61 + 1n, 2n ** 64n - 1n]) expect(field61.firstOutside(vectorOf([0, outside]))).toBe(1)
  })
})

describe('drawing', () => {
  test('draws again what would be the prime', () => {
    const words = [0xffffffff, 0xffffffff, 7, 0xe0000001]
    const draw = drawElements((target) => {
      for (let index = 0; index < target.length; index++) target[index] = words.shift() ?? 0
    })
    expect(toBigInts(draw(1))).toEqual([7n + 2n ** 32n])
  })

  test('asks for no more bytes at once than a browser gives', () => {
    const asked: number[] = []
    expect(countOf(drawElements((target) => asked.push(target.byteLength))(20_000))).toBe(20_000)
    expect(Math.max(...asked)).toBeLessThanOrEqual(65_536)
  })

  test('is spread evenly', () => {
    const buckets = new Float64Array(16)
    for (const value of toBigInts(seededDraw(3)(16_000))) buckets[Number(value >> 57n)]!++
    expect(buckets.reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0)).toBeLessThan(45)
  })
})

/** How many of the three operations differ from plain arithmetic. */
function differs(one: bigint, other: bigint, before: bigint): number {
  const results = [field61, plain].map((field) => {
    const [sum, scaled, product] = [vectorOf([before]), vectorOf([before]), vectorOf([before])]
    field.add(sum, vectorOf([one]))
    field.addScaled(scaled, vectorOf([one]), other)
    field.addDot(product, 0, { left: vectorOf([one]), leftAt: 0, right: vectorOf([other]), rightAt: 0, count: 1 })
    return [sum, scaled, product].flatMap(toBigInts)
  })
  return results[0]!.filter((value, index) => value !== results[1]![index]).length
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square, rest] = [1n, base, exponent]
  while (rest > 0n) {
    if (rest & 1n) result = (result * square) % PRIME61
    square = (square * square) % PRIME61
    rest >>= 1n
  }
  return result
}
