import type { AccountAddress } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type DismissGuardian = { readonly guardian: AccountAddress }

/** Calls that end what a guardian may do for the sender. */
export const dismissGuardianCalls: CallBuilder<DismissGuardian> = (chain, { guardian }) => [
  callOf(chain, 'consentRegistry', 'dismiss_guardian', [guardian]),
]

/**
 * Ends at once what a guardian may do for the sender.
 * @throws {ContractError} `Consent: not a guardian`: the guardian's time is over already.
 */
export const dismissGuardian = executes(dismissGuardianCalls)
