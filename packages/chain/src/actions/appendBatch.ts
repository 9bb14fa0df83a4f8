import type { Felt } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type AppendBatch = { /** Of `makeBatch`. */ readonly root: Felt }

/** Calls that write many entries of the sender's hospital, of any patients, as one root. */
export const appendBatchCalls: CallBuilder<AppendBatch> = (chain, { root }) => [callOf(chain, 'accessLog', 'append_batch', [root])]

/**
 * Writes a batch of the sender's hospital. Its index is in the `BatchAppended` event.
 * @throws {ContractError} `Log: not a hospital`, `Log: zero root`.
 */
export const appendBatch = executes(appendBatchCalls)
