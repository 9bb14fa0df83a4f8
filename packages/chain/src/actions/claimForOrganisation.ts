import type { AccountAddress } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type ClaimForOrganisation = { readonly token: AccountAddress }

/** Calls that pay the rewards of the sender's organisation to its payout address. */
export const claimForOrganisationCalls: CallBuilder<ClaimForOrganisation> = (chain, { token }) => [
  callOf(chain, 'rewardPool', 'claim_for_organisation', [token]),
]

/**
 * Pays the rewards of the sender's organisation to its payout address.
 * @throws {ContractError} `Pool: not an operator`, `Pool: nothing owed`, `Pool: token misbehaved`, `Pool: token call failed`.
 */
export const claimForOrganisation = executes(claimForOrganisationCalls)
