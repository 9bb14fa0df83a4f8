import { BundleError } from './errors.ts'
import { treeNode } from './hash.ts'
import { type Commitment, type Felt, ZERO } from './ids.ts'

/** Where a consent stands in the bundle it was granted with, as the contract's `Membership`. */
export type Membership = {
  /** Place among the leaves, from 0. */ readonly index: number
  /** Siblings from the leaf up. */ readonly path: readonly Felt[]
}

/** Many consents that are granted as one commitment, `root`. */
export type Bundle = {
  readonly root: Commitment
  /** @throws {BundleError} The consent is not in the bundle. */
  membershipOf(commitment: Commitment): Membership
}

/** Consents in one bundle. */
export const MAX_BUNDLE = 65_536

/** Membership of a consent that was granted by itself. */
export const ALONE: Membership = { index: 0, path: [] }

/**
 * Makes one commitment of many: the root of their Merkle tree. An opened member shows its siblings' commitments, which are salted, and nothing else.
 * @throws {BundleError} There are none or more than 65,536, or one is zero or twice.
 * @example
 * const { root, membershipOf } = makeBundle(commitments) // grant `root`, open each with `membershipOf(commitment)`
 */
export function makeBundle(commitments: readonly Commitment[]): Bundle {
  const [only] = commitments
  if (only === undefined || commitments.length > MAX_BUNDLE) throw new BundleError('consent/bundle-size')
  const places = new Map(commitments.map((commitment, index) => [commitment, index]))
  if (places.size !== commitments.length || places.has(ZERO)) throw new BundleError('consent/bundle-member')
  const levels = levelsOf(commitments)
  return { root: levels.at(-1)?.[0] ?? only, membershipOf }

  function membershipOf(commitment: Commitment): Membership {
    const index = places.get(commitment)
    if (index === undefined) throw new BundleError('consent/bundle-member')
    const path = levels.slice(0, -1).map((level, height) => level[(index >> height) ^ 1] ?? ZERO)
    return { index, path }
  }
}

/** What was granted when this consent was: the root of its bundle, or itself. Undefined when the index is beyond the path. */
export function grantedAs(commitment: Commitment, { index, path }: Membership): Commitment | undefined {
  const root = path.reduce((hash, sibling, height) => {
    return Math.floor(index / 2 ** height) % 2 === 0 ? treeNode(hash, sibling) : treeNode(sibling, hash)
  }, commitment)
  return index < 2 ** path.length ? root : undefined
}

/** All levels from the leaves to the root; a place without a node counts as zero. */
function levelsOf(leaves: readonly Felt[]): (readonly Felt[])[] {
  const levels: (readonly Felt[])[] = [leaves]
  for (let level = leaves; level.length > 1; levels.push(level)) {
    const below = level
    level = Array.from({ length: Math.ceil(below.length / 2) }, (_, place) =>
      treeNode(below[2 * place] ?? ZERO, below[2 * place + 1] ?? ZERO),
    )
  }
  return levels
}
