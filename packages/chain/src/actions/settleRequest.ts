import type { ConsentOpening, Felt, RequestId } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { openingArguments } from '../calls/openingArguments.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type SettleRequest = {
  readonly request: RequestId
  /** Digest of the request: its number may be another's after a reorganisation. */
  readonly digest: Felt
  readonly opening: ConsentOpening
  /** `entryDigest` of the journal row that was written before. */
  readonly entry: Felt
}

/** Calls that answer a request with data: consent opened, entry written, parties credited, all or nothing. */
export const settleRequestCalls: CallBuilder<SettleRequest> = (chain, { request, digest, opening, entry }) => [
  callOf(chain, 'rewardPool', 'settle', [BigInt(request), digest, openingArguments(opening), entry]),
]

/**
 * Answers a request with data.
 * @throws {ContractError} `Pool: not the asked hospital`, `Pool: request not open`, `Pool: request expired`, `Pool: consent ...`,
 * `Pool: other grantee`, `Pool: other purpose`, `Pool: not the office`, `Pool: cohort too small`, `Pool: paused`.
 */
export const settleRequest = executes(settleRequestCalls)
