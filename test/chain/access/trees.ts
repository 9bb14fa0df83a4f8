import { poseidonHash, poseidonHashMany } from '@scure/starknet'
import type { Value } from './world.ts'

/** What one entry says, as the contract's `Record`. */
export type EntryRecord = { readonly kind: number; readonly reference: bigint; readonly digest: bigint }

/** Where a log stands: leaves are bound to it. */
export type LogPlace = { readonly chainId: string; readonly accessLog: string }

const LEVELS = 40

/** The trees of the access log, written a second time from the contract's documentation: tests must not lean on the library that they also test. */
export function singleLeaf(
  place: LogPlace,
  patient: string,
  index: bigint,
  hospital: bigint,
  record: EntryRecord,
  loggedAtS: bigint,
): bigint {
  const { kind, reference, digest } = record
  return poseidonOf('MedSync.log.leaf.v2', place.chainId, place.accessLog, patient, index, hospital, kind, reference, digest, loggedAtS)
}

/** Leaf of a batch in the tree of all batches. */
export function batchLeaf(place: LogPlace, index: bigint, hospital: bigint, root: bigint, loggedAtS: bigint): bigint {
  return poseidonOf('MedSync.log.batch.v2', place.chainId, place.accessLog, index, hospital, root, loggedAtS)
}

/** Leaf of one patient in a batch. */
export function batchedLeaf(patient: string, salt: bigint, records: readonly EntryRecord[]): bigint {
  const values = records.flatMap(({ kind, reference, digest }): Value[] => [kind, reference, digest])
  return poseidonOf('MedSync.log.batched.v2', patient, salt, records.length, ...values)
}

/** The place of a patient in every batch. */
export function placeOf(patient: string): bigint {
  return poseidonOf('MedSync.log.place.v2', patient) % 2n ** BigInt(LEVELS)
}

/** Root of a sparse tree with one leaf and these siblings, from the leaf up; zero is an empty one. */
export function sparseRoot(leaf: bigint, place: bigint, siblings: readonly bigint[] = []): bigint {
  let hash = leaf
  for (let level = 0; level < LEVELS; level += 1) {
    const sibling = siblings[level] ?? 0n
    const isLeft = (place >> BigInt(level)) % 2n === 0n
    if (hash !== 0n || sibling !== 0n) hash = isLeft ? poseidonHash(hash, sibling) : poseidonHash(sibling, hash)
  }
  return hash
}

/** Siblings of a leaf up to the peak that it stands under; index from 0. */
export function peakPath(leaves: readonly bigint[], index: number): bigint[] {
  let start = 0
  let size = 1
  while (size * 2 <= leaves.length) size *= 2
  while (index >= start + size) {
    start += size
    while (size > leaves.length - start) size /= 2
  }
  return climbPath(leaves.slice(start, start + size), index - start)
}

/** Siblings of a leaf in a perfect tree, from the leaf up. */
function climbPath(leaves: readonly bigint[], index: number): bigint[] {
  if (leaves.length === 1) return []
  return [leaves[index % 2 === 0 ? index + 1 : index - 1] ?? 0n, ...climbPath(pairsOf(leaves), Math.floor(index / 2))]
}

/** Root of a perfect tree. */
export function rootOf(leaves: readonly bigint[]): bigint {
  return leaves.length === 1 ? (leaves[0] ?? 0n) : rootOf(pairsOf(leaves))
}

function pairsOf(leaves: readonly bigint[]): bigint[] {
  return Array.from({ length: leaves.length / 2 }, (_, pair) => poseidonHash(leaves[2 * pair] ?? 0n, leaves[2 * pair + 1] ?? 0n))
}

function poseidonOf(domain: string, ...values: Value[]): bigint {
  return poseidonHashMany([BigInt(`0x${Buffer.from(domain).toString('hex')}`), ...values.map((value) => BigInt(value))])
}
