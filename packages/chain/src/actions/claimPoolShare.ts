import type { AccountAddress } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type ClaimPoolShare = { readonly token: AccountAddress; readonly to: AccountAddress }

/** Calls that pay the pool's share to `to`. */
export const claimPoolShareCalls: CallBuilder<ClaimPoolShare> = (chain, { token, to }) => [
  callOf(chain, 'rewardPool', 'claim_pool_share', [token, to]),
]

/**
 * Pays the pool's share to `to`; governance only.
 * @throws {ContractError} `Pool: not the owner`, `Pool: zero address`, `Pool: nothing owed`.
 */
export const claimPoolShare = executes(claimPoolShareCalls)
