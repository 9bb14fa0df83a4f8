import type { AccountAddress, Felt } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type ResolveDispute = {
  readonly patient: AccountAddress
  /** `singleId` or `batchedId` of the entry. */
  readonly entryId: Felt
  readonly isUpheld: boolean
}

/** Calls that end a dispute. */
export const resolveDisputeCalls: CallBuilder<ResolveDispute> = (chain, { patient, entryId, isUpheld }) => [
  callOf(chain, 'accessLog', 'resolve', [patient, entryId, isUpheld]),
]

/**
 * Ends a dispute; arbiters only.
 * @throws {ContractError} `Log: not an arbiter`, `Log: not disputed`, `Log: dispute ended`.
 */
export const resolveDispute = executes(resolveDisputeCalls)
