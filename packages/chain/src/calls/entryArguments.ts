import type { BatchedEntry, SingleEntry } from '@medsync/protocol'

/** A single entry with its way up, named as the contract names it. */
export function singleArguments(entry: SingleEntry) {
  return {
    index: entry.index,
    hospital: entry.hospital,
    record: { kind: entry.kind, reference: entry.reference, digest: entry.digest },
    logged_at_s: BigInt(entry.loggedAtS),
    path: [...entry.path],
  }
}

/** An entry of a batch with its way up, named as the contract names it. */
export function batchedArguments({ index, hospital, root, loggedAtS, batchPath, proof, which }: BatchedEntry) {
  return {
    batch: index,
    hospital,
    root,
    logged_at_s: BigInt(loggedAtS),
    batch_path: [...batchPath],
    salt: proof.salt,
    records: proof.records.map(({ kind, reference, digest }) => ({ kind, reference, digest })),
    which,
    sibling_mask: proof.siblingMask,
    siblings: [...proof.siblings],
  }
}
