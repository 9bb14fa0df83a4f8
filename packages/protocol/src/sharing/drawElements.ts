import type { DrawElements } from './field.ts'
import { zeros } from './vectors.ts'

/** Fills an array with random bits; `crypto.getRandomValues` in a browser and on a server. */
export type FillRandom = (words: Uint32Array<ArrayBuffer>) => void

const CHUNK_WORDS = 16_384
const TOP_HIGH = 0x1fffffff

/**
 * Uniform elements of `field61` from uniform bits: 61 of 64 are kept, and the one value that is the prime itself is drawn again.
 * @param fill - Gets at most 65,536 bytes at a time, as browsers demand.
 */
export function drawElements(fill: FillRandom): DrawElements {
  return (count) => {
    const vector = zeros(count)
    for (let at = 0; at < vector.length; at += CHUNK_WORDS) fill(vector.subarray(at, at + CHUNK_WORDS))
    for (let at = 0; at < vector.length; at += 2) {
      vector[at + 1]! &= TOP_HIGH
      while (vector[at + 1] === TOP_HIGH && vector[at] === 0xffffffff) {
        fill(vector.subarray(at, at + 2))
        vector[at + 1]! &= TOP_HIGH
      }
    }
    return vector
  }
}
