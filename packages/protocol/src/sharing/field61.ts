import type { DotOperands, Field } from './field.ts'
import type { FieldVector } from './vectors.ts'

// An element is cut into 31 low and 30 high bits. Of a product of two such pieces `Math.imul` gives the low bits exactly, and the double the high
// ones within 2^9; so (double - low bits) / 2^31, rounded, is the exact rest. With 2^61 = 1 the pieces fold into two sums, which stay exact as
// doubles for 2^19 products; they are brought below the prime once at the end. Measured: see README.md.

const HALF = 2 ** -30
const SHRINK = 2 ** -31
const BASE = 2 ** 31
const LOW31 = 0x7fffffff
const LOW30 = 0x3fffffff
const TOP_HIGH = 0x1fffffff
const TOP_LOW = 0xffffffff
/** The sums of so many products are exact: each adds less than 2^33, and doubles hold 2^53. */
const EXACT_PRODUCTS = 2 ** 19
/** Factors below this times a 32-bit word are exact as doubles. */
const SMALL_FACTOR = 2n ** 20n

export const PRIME61 = 2n ** 61n - 1n

/** The numbers below 2^61 - 1, by doubles and 32-bit multiplication only. */
export const field61: Field = { prime: PRIME61, add, addScaled, addDot, firstOutside }

/** Whole-number instructions only: the hottest loop of the ranking. */
function add(into: FieldVector, from: FieldVector): void {
  for (let at = 0; at < from.length; at += 2) {
    const one = into[at]! | 0
    const other = from[at]! | 0
    const low = (one + other) | 0
    const carry = ((one & other) | ((one | other) & ~low)) >>> 31
    const high = into[at + 1]! + from[at + 1]! + carry
    const bottom = (low + (high >>> 29)) | 0
    const top = (high & TOP_HIGH) + ((low & ~bottom) >>> 31)
    const isPrime = top === TOP_HIGH && bottom === -1
    into[at] = isPrime ? 0 : bottom
    into[at + 1] = isPrime ? 0 : top
  }
}

function addScaled(into: FieldVector, from: FieldVector, factor: bigint): void {
  if (factor < SMALL_FACTOR) addScaledBySmall(into, from, Number(factor))
  else addScaledByLarge(into, from, Number(factor & BigInt(LOW31)), Number(factor >> 31n))
}

function addScaledBySmall(into: FieldVector, from: FieldVector, factor: number): void {
  for (let at = 0; at < from.length; at += 2) {
    const low = into[at]! + factor * from[at]!
    const carry = Math.floor(low / 2 ** 32)
    const high = into[at + 1]! + factor * from[at + 1]! + carry
    const over = Math.floor(high / 2 ** 29)
    const bottom = low - carry * 2 ** 32 + over
    store(into, at, bottom >>> 0, high - over * 2 ** 29 + (bottom > TOP_LOW ? 1 : 0))
  }
}

function addScaledByLarge(into: FieldVector, from: FieldVector, b0: number, b1: number): void {
  for (let at = 0; at < from.length; at += 2) {
    const a0 = from[at]! & LOW31
    const a1 = (from[at + 1]! << 1) | (from[at]! >>> 31)
    const bottom = Math.imul(a0, b0) & LOW31
    const top = Math.imul(a1, b1) & LOW30
    const cross = (Math.imul(a1, b0) + Math.imul(a0, b1)) & LOW30
    const low = bottom + 2 * top + Math.floor((a1 * b0 + a0 * b1 - cross) * HALF + 0.5)
    const high = cross + Math.floor((a0 * b0 - bottom) * SHRINK + 0.5) + Math.floor((a1 * b1 - top) * HALF + 0.5)
    fold(into, at, low, high)
  }
}

function addDot(into: FieldVector, at: number, { left, leftAt, right, rightAt, count }: DotOperands): void {
  for (let done = 0; done < count; done += EXACT_PRODUCTS) {
    const end = Math.min(count, done + EXACT_PRODUCTS)
    addShortDot(into, 2 * at, left, 2 * (leftAt + done), right, 2 * (rightAt + done), 2 * (end - done))
  }
}

function addShortDot(into: FieldVector, at: number, left: FieldVector, l: number, right: FieldVector, r: number, words: number): void {
  let low = 0
  let high = 0
  for (let word = 0; word < words; word += 2) {
    const leftLow = left[l + word]!
    const rightLow = right[r + word]!
    const a0 = leftLow & LOW31
    const a1 = (left[l + word + 1]! << 1) | (leftLow >>> 31)
    const b0 = rightLow & LOW31
    const b1 = (right[r + word + 1]! << 1) | (rightLow >>> 31)
    const bottom = Math.imul(a0, b0) & LOW31
    const top = Math.imul(a1, b1) & LOW30
    const cross = (Math.imul(a1, b0) + Math.imul(a0, b1)) & LOW30
    low += bottom + 2 * top + Math.floor((a1 * b0 + a0 * b1 - cross) * HALF + 0.5)
    high += cross + Math.floor((a0 * b0 - bottom) * SHRINK + 0.5) + Math.floor((a1 * b1 - top) * HALF + 0.5)
  }
  fold(into, at, low, high)
}

/** `into += low + high * 2^31`, both below 2^52. */
function fold(into: FieldVector, at: number, low: number, high: number): void {
  const carry = Math.floor(low * SHRINK)
  const all = high + carry
  const over = Math.floor(all * HALF)
  const rest = low - carry * BASE + over
  const carried = Math.floor(rest * SHRINK)
  const low31 = rest - carried * BASE
  const high30 = all - over * 2 ** 30 + carried
  const sum = into[at]! + low31 + (high30 % 2) * BASE
  store(into, at, sum >>> 0, into[at + 1]! + Math.floor(high30 / 2) + (sum > TOP_LOW ? 1 : 0))
}

/** Writes `high * 2^32 + low` modulo the prime; any high word, a low one below 2^32. */
function store(into: FieldVector, at: number, low: number, high: number): void {
  const bottom = low + (high >>> 29)
  const top = (high & TOP_HIGH) + (bottom > TOP_LOW ? 1 : 0)
  const isPrime = top === TOP_HIGH && bottom === TOP_LOW
  // Only a multiple of 2^61 and a bit leaves a top above the highest: it is one round further.
  into[at] = isPrime ? 0 : top > TOP_HIGH ? bottom + 1 : bottom
  into[at + 1] = isPrime || top > TOP_HIGH ? 0 : top
}

function firstOutside(vector: FieldVector): number {
  for (let at = 0; at < vector.length; at += 2) {
    const high = vector[at + 1]!
    if (high > TOP_HIGH || (high === TOP_HIGH && vector[at] === TOP_LOW)) return at / 2
  }
  return -1
}
