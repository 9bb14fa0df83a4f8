import type { RequestId } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type ExpireRequest = { readonly request: RequestId }

/** Calls that give the price of an unanswered request back to its study. */
export const expireRequestCalls: CallBuilder<ExpireRequest> = (chain, { request }) => [
  callOf(chain, 'rewardPool', 'expire', [BigInt(request)]),
]

/**
 * Gives the price of an unanswered request back to its study. Anyone may.
 * @throws {ContractError} `Pool: unknown request`, `Pool: request not open`, `Pool: request not expired`.
 */
export const expireRequest = executes(expireRequestCalls)
