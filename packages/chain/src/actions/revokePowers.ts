import type { AccountAddress } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type RevokePowers = { readonly account: AccountAddress }

/** Calls that take all powers of an account at once. */
export const revokePowersCalls: CallBuilder<RevokePowers> = (chain, { account }) => [
  callOf(chain, 'participants', 'revoke_powers', [account]),
]

/**
 * Takes all powers of an account, and what was planned for it, at once; governance only.
 * @throws {ContractError} `Participants: not the owner`, `Participants: no powers`.
 */
export const revokePowers = executes(revokePowersCalls)
