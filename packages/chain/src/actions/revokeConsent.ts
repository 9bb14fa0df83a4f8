import type { Commitment } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type RevokeConsent = { readonly commitment: Commitment }

/** Calls that end the sender's consent for good. */
export const revokeConsentCalls: CallBuilder<RevokeConsent> = (chain, { commitment }) => [
  callOf(chain, 'consentRegistry', 'revoke', [commitment]),
]

/**
 * Ends the sender's consent for good.
 * @throws {ContractError} `Consent: not granted`, `Consent: not active`.
 */
export const revokeConsent = executes(revokeConsentCalls)
