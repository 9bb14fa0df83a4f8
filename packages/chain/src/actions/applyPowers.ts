import type { AccountAddress } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type ApplyPowers = { readonly account: AccountAddress }

/** Calls that give an account the powers that were planned for it. */
export const applyPowersCalls: CallBuilder<ApplyPowers> = (chain, { account }) => [callOf(chain, 'participants', 'apply_powers', [account])]

/**
 * Gives an account the powers that were planned for it, once the delay has passed and before the plan is stale. For the owner.
 * @throws {ContractError} `Participants: not the owner`, `Participants: not planned`, `Participants: too early`, `Participants: plan is stale`.
 */
export const applyPowers = executes(applyPowersCalls)
