import type { AccountAddress } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type ClaimReward = { readonly token: AccountAddress }

/** Calls that pay the sender's rewards in `token` to the sender. */
export const claimRewardCalls: CallBuilder<ClaimReward> = (chain, { token }) => [callOf(chain, 'rewardPool', 'claim', [token])]

/**
 * Pays the sender's rewards to the sender.
 * @throws {ContractError} `Pool: nothing owed`, `Pool: token misbehaved`, `Pool: token call failed`.
 */
export const claimReward = executes(claimRewardCalls)
