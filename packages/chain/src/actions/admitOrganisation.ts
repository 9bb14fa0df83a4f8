import { type AccountAddress, type OrganisationId, slugToOrganisationId } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

/** What an organisation may do; numbers as in the contract. */
export const ORGANISATION_ROLES = { hospital: 1, research: 2 } as const
export type OrganisationRole = keyof typeof ORGANISATION_ROLES

export type AdmitOrganisation = {
  readonly organisation: OrganisationId
  readonly role: OrganisationRole
  /** Public name, at most 31 ASCII characters. */
  readonly name: string
  readonly payout: AccountAddress
  /** Its first operator. */
  readonly operator: AccountAddress
}

/** Calls that admit an organisation with its first operator. */
export const admitOrganisationCalls: CallBuilder<AdmitOrganisation> = (chain, { organisation, role, name, payout, operator }) => [
  callOf(chain, 'participants', 'admit', [organisation, ORGANISATION_ROLES[role], slugToOrganisationId(name), payout, operator]),
]

/**
 * Admits an organisation; governance, or whom it gave the power.
 * @throws {ContractError} `Participants: not allowed`, `Participants: already admitted`, `Participants: operator taken`, ...
 */
export const admitOrganisation = executes(admitOrganisationCalls)
