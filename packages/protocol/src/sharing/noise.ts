import type { FillRandom } from './drawElements.ts'

/** A positive number as a fraction of two positive whole ones: no sampling here rounds. */
export type Fraction = { readonly over: bigint; readonly under: bigint }

/**
 * Chance with exact odds; a biased or predictable one breaks every promise of this file.
 * @property below - A whole number from 0 to below an end, each as likely as another.
 * @property isLucky - True with a chance of a fraction, of at most 1.
 */
export type Chance = { readonly below: (end: bigint) => bigint; readonly isLucky: (chance: Fraction) => boolean }

const WORD_BITS = 32

/** Chance from uniform bits: of as many as the end needs, drawn again while they are not below it. */
export function chanceFrom(fill: FillRandom): Chance {
  const below = (end: bigint): bigint => {
    const bits = (end - 1n).toString(2).length
    const words = new Uint32Array(Math.ceil(bits / WORD_BITS))
    for (;;) {
      fill(words)
      const drawn = BigInt.asUintN(
        bits,
        words.reduce((sum, word) => (sum << BigInt(WORD_BITS)) | BigInt(word), 0n),
      )
      if (drawn < end) return drawn
    }
  }
  return { below, isLucky: ({ over, under }) => below(under) < over }
}

/**
 * Noise: a whole number x with a chance that is proportional to e^(-|x| / scale), exactly, by whole numbers only.
 * @source Canonne, Kamath and Steinke, "The Discrete Gaussian for Differential Privacy", NeurIPS 2020, Algorithm 2.
 * @example
 * drawLaplace({ over: 1n, under: 1n }, chance) // 0 in 46 of 100 draws, from -3 to 3 in 97
 */
export function drawLaplace({ over, under }: Fraction, chance: Chance): bigint {
  for (;;) {
    const part = chance.below(over)
    if (!isLuckyByExp({ over: part, under: over }, chance)) continue
    let wholes = 0n
    while (isLuckyByExp({ over: 1n, under: 1n }, chance)) wholes += 1n
    const size = (part + over * wholes) / under
    const isNegative = chance.isLucky({ over: 1n, under: 2n })
    // Zero must not come from both signs.
    if (isNegative && size === 0n) continue
    return isNegative ? -size : size
  }
}

/** True with a chance of e^-x, for x from 0 to 1. @source As above, Algorithm 1. */
function isLuckyByExp({ over, under }: Fraction, chance: Chance): boolean {
  let turn = 1n
  while (chance.isLucky({ over, under: under * turn })) turn += 1n
  return turn % 2n === 1n
}
