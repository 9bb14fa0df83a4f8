import { type Access, entryDigest, type PatientLog, verifyEntries } from '@medsync/protocol'

/** What the browser itself found out about a list of accesses. */
export type LogProof =
  /** Every entry that the chain counts is here, in order and unchanged. */
  | {
      readonly state: 'whole'
      readonly count: number
      /** Batches of entries on the chain, of any patients, that this list says nothing of. */
      readonly batchCount: number
    }
  | { readonly state: 'broken'; readonly count: number; readonly chainCount: number }

/** Holds a list of single entries against count and root of the patient's log as read from the chain. */
export function proofOf(accesses: readonly Access[], log: PatientLog, batchCount: number): LogProof {
  try {
    verifyEntries(accesses, log)
    return { state: 'whole', count: log.count, batchCount }
  } catch (error) {
    console.warn('The log is not whole.', error instanceof Error ? error.name : '')
    return { state: 'broken', count: accesses.length, chainCount: log.count }
  }
}

/** Whether what the hospital tells of an entry is what it committed to on the chain; undefined when it told nothing. */
export function isTold({ details, salt, digest }: Access): boolean | undefined {
  if (details === null || salt === null) return undefined
  return entryDigest(details, salt) === digest
}
