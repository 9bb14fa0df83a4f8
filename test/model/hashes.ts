import { hades, poseidonSpan } from './poseidon.ts'

const known = new Map<string, bigint>()

/** A short string of Cairo as a felt. */
export function shortString(text: string): bigint {
  return [...text].reduce((value, letter) => value * 256n + BigInt(letter.charCodeAt(0)), 0n)
}

/** `poseidon_hash_span`; what was hashed before is remembered, since a model hashes the same trees again and again. */
export function hashOf(...values: bigint[]): bigint {
  return remember(`s${values.join()}`, () => poseidonSpan(values))
}

/** Hash of two nodes of a tree. */
export function nodeOf(left: bigint, right: bigint): bigint {
  return remember(`n${left},${right}`, () => hades(left, right, 2n))
}

/** Gives the memory back. */
export function forgetHashes(): void {
  known.clear()
}

function remember(key: string, compute: () => bigint): bigint {
  const before = known.get(key)
  if (before !== undefined) return before
  const hash = compute()
  known.set(key, hash)
  return hash
}
