import { PURPOSES } from '@medsync/protocol'

/** Whether this index is in the tree. */
export function isKnownPurpose(index: bigint): boolean {
  return index < BigInt(PURPOSES.length)
}

/** Whether this purpose, or one that stands above it in the tree, is among the granted ones: walks up, parent by parent. */
export function permitsPurpose(granted: bigint, index: bigint): boolean {
  let at = PURPOSES[Number(index)]
  while (at !== undefined) {
    if ((granted >> BigInt(at.index)) % 2n === 1n) return true
    const { parent } = at
    at = PURPOSES.find(({ code }) => code === parent)
  }
  return false
}
