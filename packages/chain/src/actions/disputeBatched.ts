import type { BatchedEntry, Felt } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { batchedArguments } from '../calls/entryArguments.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type DisputeBatched = { readonly entry: BatchedEntry /** Salted hash of what the patient says. */; readonly statement: Felt }

/** Calls that dispute an entry of a batch. */
export const disputeBatchedCalls: CallBuilder<DisputeBatched> = (chain, { entry, statement }) => [
  callOf(chain, 'accessLog', 'dispute_batched', [batchedArguments(entry), statement]),
]

/**
 * Disputes an entry of the sender's own log that came in a batch.
 * @throws {ContractError} `Log: not in the log`, `Log: already disputed`, `Log: zero statement`.
 */
export const disputeBatched = executes(disputeBatchedCalls)
