import type { Felt, SingleEntry } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { singleArguments } from '../calls/entryArguments.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type DisputeSingle = { readonly entry: SingleEntry /** Salted hash of what the patient says. */; readonly statement: Felt }

/** Calls that dispute a single entry of the sender. */
export const disputeSingleCalls: CallBuilder<DisputeSingle> = (chain, { entry, statement }) => [
  callOf(chain, 'accessLog', 'dispute_single', [singleArguments(entry), statement]),
]

/**
 * Disputes a single entry of the sender's own log.
 * @throws {ContractError} `Log: not in the log`, `Log: already disputed`, `Log: zero statement`.
 */
export const disputeSingle = executes(disputeSingleCalls)
