import type { Commitment } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type ReplaceConsent = { readonly old: Commitment; readonly new: Commitment }

/** Calls that end the sender's old consent and make the new one active in one step. */
export const replaceConsentCalls: CallBuilder<ReplaceConsent> = (chain, consents) => [
  callOf(chain, 'consentRegistry', 'replace', [consents.old, consents.new]),
]

/**
 * Ends the sender's old consent and makes the new one active: there is no moment with both or neither.
 * @throws {ContractError} `Consent: not granted`, `Consent: not active`, `Consent: zero commitment`, `Consent: already used`.
 */
export const replaceConsent = executes(replaceConsentCalls)
