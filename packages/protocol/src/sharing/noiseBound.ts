import type { Fraction } from './noise.ts'

/** Beyond this scale what is known of it is stretched: the same shape, finer than anybody needs. */
const FINE_SCALE = 64
const MANY_DRAWS = 1_000
/** So many standard deviations, and scales, hold all but less than 1e-15. */
const REACH = 12

/**
 * How far a sum of so many draws of `drawLaplace` stays from 0, except with a small chance. For people to read; nothing is drawn with it.
 * @param draws - One for each hospital; for a sum of cells one for each cell of each.
 * @param misses - The chance to be farther away, for example 0.05.
 * @example
 * noiseBound({ over: 1n, under: 1n }, 3, 0.05) // 5n: in 95 of 100 sums of three
 */
export function noiseBound({ over, under }: Fraction, draws: number, misses: number): bigint {
  const scale = Number(over) / Number(under)
  if (draws > MANY_DRAWS) return BigInt(Math.ceil(1.05 * scale * Math.sqrt(2 * draws) * Math.sqrt(2 * Math.log(2 / misses))))
  if (scale <= FINE_SCALE) return BigInt(quantile(scale, draws, misses))
  // A draw is the difference of two waiting times cut to whole numbers, so a sum in another scale differs by less than one for each draw.
  const stretched = ((quantile(FINE_SCALE, draws, misses) + draws) / FINE_SCALE) * scale
  return BigInt(Math.ceil(stretched)) + BigInt(draws)
}

function quantile(scale: number, draws: number, misses: number): number {
  const reach = Math.ceil(REACH * scale * Math.sqrt(2 * draws) + 3 * REACH * scale) + 1
  const chances = new Float64Array(2 * reach + 1)
  chances[reach] = 1
  for (let draw = 0; draw < draws; draw++) spread(chances, Math.exp(-1 / scale))
  let inside = chances[reach]!
  let bound = 0
  while (inside < 1 - misses && bound < reach) {
    bound += 1
    inside += chances[reach - bound]! + chances[reach + bound]!
  }
  return bound
}

/** Adds one more draw to a distribution: its chances are those of two geometric ones, one upwards and one downwards. */
function spread(chances: Float64Array, ratio: number): void {
  for (let at = 1; at < chances.length; at++) chances[at]! += ratio * chances[at - 1]!
  for (let at = chances.length - 2; at >= 0; at--) chances[at]! += ratio * chances[at + 1]!
  for (let at = 0; at < chances.length; at++) chances[at]! *= (1 - ratio) ** 2
}
