import type { Felt, RequestId } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type RefuseRequest = {
  readonly request: RequestId /** `entryDigest` of the journal row that was written before. */
  readonly entry: Felt
}

/** Calls that answer a request with a logged refusal. */
export const refuseRequestCalls: CallBuilder<RefuseRequest> = (chain, { request, entry }) => [
  callOf(chain, 'rewardPool', 'refuse', [BigInt(request), entry]),
]

/**
 * Answers a request with a logged refusal; the price goes back to the study.
 * @throws {ContractError} `Pool: not the asked hospital`, `Pool: request not open`, `Pool: request expired`, `Log: already written`.
 */
export const refuseRequest = executes(refuseRequestCalls)
