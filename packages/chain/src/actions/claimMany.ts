import type { AccountAddress } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type ClaimMany = { readonly tokens: readonly AccountAddress[] }

/** Calls that pay the sender's rewards in each of these tokens, all or nothing. */
export const claimManyCalls: CallBuilder<ClaimMany> = (chain, { tokens }) => [callOf(chain, 'rewardPool', 'claim_many', [[...tokens]])]

/**
 * Pays the sender's rewards in each of 1 to 50 tokens; a token in which nothing is owed is passed over.
 * @throws {ContractError} `Pool: no tokens`, `Pool: too many tokens`, `Pool: nothing owed`, `Pool: token misbehaved`, `Pool: token call failed`.
 */
export const claimMany = executes(claimManyCalls)
