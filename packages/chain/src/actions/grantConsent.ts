import type { Commitment } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type GrantConsent = { readonly commitment: Commitment }

/** Calls that make the sender's consent active. File its terms with the gateway first. */
export const grantConsentCalls: CallBuilder<GrantConsent> = (chain, { commitment }) => [
  callOf(chain, 'consentRegistry', 'grant', [commitment]),
]

/**
 * Makes the sender's consent active.
 * @throws {ContractError} `Consent: zero commitment`, `Consent: already used`.
 */
export const grantConsent = executes(grantConsentCalls)
