import { nodeOf } from './hashes.ts'

/** Largest power of two below `count`. */
function split(count: number): number {
  let half = 1
  while (half * 2 < count) half *= 2
  return half
}

/**
 * Root over all leaves in order; zero when there are none.
 * @source RFC 6962, section 2.1.
 */
export function rootOf(leaves: readonly bigint[]): bigint {
  const [first] = leaves
  if (first === undefined) return 0n
  if (leaves.length === 1) return first
  const half = split(leaves.length)
  return nodeOf(rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)))
}

/** Siblings of leaf `index` (from 0), from the leaf up, inside the largest perfect subtree that it stands under. */
export function pathOf(leaves: readonly bigint[], index: number): bigint[] {
  if (leaves.length <= 1) return []
  const isPerfect = (leaves.length & (leaves.length - 1)) === 0
  const half = split(leaves.length)
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)]
  const path = index < half ? pathOf(left, index) : pathOf(right, index - half)
  return isPerfect ? [...path, rootOf(index < half ? right : left)] : path
}

/** The node that a leaf leads to, and what is left of its index above the path. */
export function climb(leaf: bigint, index: bigint, path: readonly bigint[]): { node: bigint; beyond: bigint } {
  let node = leaf
  let side = index
  for (const sibling of path) {
    node = side % 2n === 0n ? nodeOf(node, sibling) : nodeOf(sibling, node)
    side /= 2n
  }
  return { node, beyond: side }
}

/** Levels of a batch: one place for each patient. */
const LEVELS = 40

/** As `nodeOf`, where nothing beside nothing is nothing. */
function sparseNode(left: bigint, right: bigint): bigint {
  return left === 0n && right === 0n ? 0n : nodeOf(left, right)
}

/** Root of a sparse tree through one leaf; undefined when mask and siblings do not fit each other. */
export function sparseRoot(leaf: bigint, place: bigint, mask: bigint, siblings: readonly bigint[]): bigint | undefined {
  let node = leaf
  const left = [...siblings]
  if (mask >> BigInt(LEVELS) !== 0n) return undefined
  for (let level = 0n; level < LEVELS; level++) {
    const isFull = (mask >> level) % 2n === 1n
    const sibling = isFull ? left.shift() : 0n
    if (sibling === undefined || (isFull && sibling === 0n)) return undefined
    node = (place >> level) % 2n === 0n ? sparseNode(node, sibling) : sparseNode(sibling, node)
  }
  return left.length === 0 ? node : undefined
}

/** A batch over leaves by their places: its root, and each place's mask and siblings. */
export function sparseTree(leaves: ReadonlyMap<bigint, bigint>): {
  root: bigint
  wayOf(place: bigint): { mask: bigint; siblings: bigint[] }
} {
  const levels: Map<bigint, bigint>[] = [new Map(leaves)]
  for (let level = 0; level < LEVELS; level++) {
    const below = levels[level] ?? new Map()
    const above = new Map<bigint, bigint>()
    for (const place of below.keys()) {
      const even = place - (place % 2n)
      above.set(place / 2n, sparseNode(below.get(even) ?? 0n, below.get(even + 1n) ?? 0n))
    }
    levels.push(above)
  }
  const wayOf = (place: bigint): { mask: bigint; siblings: bigint[] } => {
    const beside = levels.slice(0, LEVELS).map((nodes, level) => nodes.get((place >> BigInt(level)) ^ 1n) ?? 0n)
    const mask = beside.reduce((bits, sibling, level) => (sibling === 0n ? bits : bits | (1n << BigInt(level))), 0n)
    return { mask, siblings: beside.filter((sibling) => sibling !== 0n) }
  }
  return { root: levels[LEVELS]?.get(0n) ?? 0n, wayOf }
}
