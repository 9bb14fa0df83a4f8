import type { Felt, RequestId } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type RefuseRequest = {
  readonly request: RequestId
  /** Digest of the request: its number may be another's after a reorganisation. */
  readonly digest: Felt
  /** `entryDigest` of the journal row that was written before. */
  readonly entry: Felt
}

/** Calls that answer a request with a logged refusal. */
export const refuseRequestCalls: CallBuilder<RefuseRequest> = (chain, { request, digest, entry }) => [
  callOf(chain, 'rewardPool', 'refuse', [BigInt(request), digest, entry]),
]

/**
 * Answers a request with a logged refusal; the price goes back to the study.
 * @throws {ContractError} `Pool: not the asked hospital`, `Pool: request not open`, `Pool: request expired`, `Pool: other request`.
 */
export const refuseRequest = executes(refuseRequestCalls)
