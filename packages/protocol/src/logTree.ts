import type { EntryLink } from './entries.ts'
import { IncompleteLogError } from './errors.ts'
import { DOMAINS, poseidon, treeNode } from './hash.ts'
import { type Felt, ZERO } from './ids.ts'

/** Where a log counts: the same entry is another leaf on another chain, contract or account. */
export type LogPlace = { readonly chainId: Felt; readonly accessLog: Felt; readonly patient: Felt }

/** An append-only tree on chain: how many leaves, and the hash over all of them in order; the root of an empty one is zero. */
export type TreeHead = { readonly count: number; readonly root: Felt }

/** A patient's tree of single entries, and the place that one computes oneself. */
export type PatientLog = TreeHead & { readonly place: LogPlace }

/** A single entry with its way up, as the contract's `SingleEntry` takes it. */
export type SingleEntry = EntryLink & { /** `treePath` of it. */ readonly path: readonly Felt[] }

/** Leaf of a single entry: binds chain, contract, patient, place in the log and everything said. */
export function singleLeaf({ chainId, accessLog, patient }: LogPlace, link: EntryLink): Felt {
  const { index, hospital, kind, reference, digest, loggedAtS } = link
  return poseidon(DOMAINS.logLeaf, chainId, accessLog, patient, index, hospital, kind, reference, digest, loggedAtS)
}

/** What a dispute of a single entry is filed under. */
export function singleId(place: LogPlace, link: EntryLink): Felt {
  return poseidon(DOMAINS.logId, 0, 0, singleLeaf(place, link))
}

/**
 * Root over leaves in order; zero when there are none.
 * @source RFC 6962, section 2.1, with Poseidon inside.
 */
export function treeRoot(leaves: readonly Felt[]): Felt {
  const [only] = leaves
  if (only === undefined) return ZERO
  if (leaves.length === 1) return only
  const half = largestPowerBelow(leaves.length)
  return treeNode(treeRoot(leaves.slice(0, half)), treeRoot(leaves.slice(half)))
}

/**
 * Siblings of a leaf from the leaf up to the *peak* it stands under, the largest perfect tree that holds it: what the contract wants.
 * @param index0 - Place of the leaf, from 0.
 * @throws {IncompleteLogError} There is no such leaf.
 */
export function treePath(leaves: readonly Felt[], index0: number): Felt[] {
  return pathOf(perfectTrees(leaves), index0)
}

/** All single entries with their ways up, from all of them in order. */
export function singleEntries(place: LogPlace, links: readonly EntryLink[]): SingleEntry[] {
  const trees = perfectTrees(links.map((link) => singleLeaf(place, link)))
  return links.map((link, index0) => ({ ...link, path: pathOf(trees, index0) }))
}

/**
 * Checks that a list of entries is whole and in order: nothing left out, nothing put in, nothing changed.
 * @param links - All single entries of one patient, by index from 1.
 * @param log - Count and root as the contract keeps them.
 * @throws {IncompleteLogError} It is not the list that the chain's root commits to.
 */
export function verifyEntries(links: readonly EntryLink[], log: PatientLog): void {
  const leaves = links.map((link) => singleLeaf(log.place, link))
  verifyLeaves(links, leaves, log)
}

/** As `verifyEntries`, for the leaves of any tree whose links count from 1. */
export function verifyLeaves(links: readonly { readonly index: number }[], leaves: readonly Felt[], head: TreeHead): void {
  const isOrdered = links.every((link, position) => link.index === position + 1)
  if (!isOrdered || links.length !== head.count || treeRoot(leaves) !== head.root) throw new IncompleteLogError('log/incomplete')
}

/** The perfect trees that any tree is made of, from the largest on; all levels of each, from its leaves up. */
type PerfectTree = { readonly start: number; readonly levels: readonly (readonly Felt[])[] }

function perfectTrees(leaves: readonly Felt[]): PerfectTree[] {
  const trees: PerfectTree[] = []
  for (let start = 0; start < leaves.length; ) {
    const size = largestPowerUpTo(leaves.length - start)
    trees.push({ start, levels: levelsAbove(leaves.slice(start, start + size)) })
    start += size
  }
  return trees
}

function pathOf(trees: readonly PerfectTree[], index0: number): Felt[] {
  const tree = trees.find(({ start, levels }) => index0 >= start && index0 < start + (levels[0]?.length ?? 0))
  if (tree === undefined || !Number.isInteger(index0)) throw new IncompleteLogError('log/incomplete')
  const within = index0 - tree.start
  return tree.levels.slice(0, -1).map((level, height) => level[Math.floor(within / 2 ** height) ^ 1] ?? ZERO)
}

function levelsAbove(leaves: readonly Felt[]): (readonly Felt[])[] {
  const levels: (readonly Felt[])[] = [leaves]
  for (let level = leaves; level.length > 1; levels.push(level)) {
    const below = level
    level = Array.from({ length: below.length / 2 }, (_, place) => treeNode(below[2 * place] ?? ZERO, below[2 * place + 1] ?? ZERO))
  }
  return levels
}

function largestPowerUpTo(count: number): number {
  return 2 ** Math.floor(Math.log2(count))
}

function largestPowerBelow(count: number): number {
  return largestPowerUpTo(count - 1)
}
