import type { AccountAddress, Commitment, Membership } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { membershipArguments } from '../calls/openingArguments.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type RevokeMember = { readonly patient: AccountAddress; readonly commitment: Commitment; readonly membership: Membership }

/** Calls that end one consent of a bundle; the others stay. */
export const revokeMemberCalls: CallBuilder<RevokeMember> = (chain, { patient, commitment, membership }) => [
  callOf(chain, 'consentRegistry', 'revoke_member', [patient, commitment, membershipArguments(membership)]),
]

/**
 * Ends one consent of a bundle for good; the patient or a guardian in time only.
 * @throws {ContractError} `Consent: not a guardian`, `Consent: not granted`, `Consent: not active`, `Consent: path too long`, `Consent: bad membership`.
 */
export const revokeMember = executes(revokeMemberCalls)
