import type { OrganisationId } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type ReinstateOrganisation = { readonly organisation: OrganisationId }

/** Calls that let a suspended organisation act again. */
export const reinstateOrganisationCalls: CallBuilder<ReinstateOrganisation> = (chain, { organisation }) => [
  callOf(chain, 'participants', 'reinstate', [organisation]),
]

/**
 * Lets a suspended organisation act again; governance, or whom it gave the power.
 * @throws {ContractError} `Participants: not allowed`, `Participants: not suspended`.
 */
export const reinstateOrganisation = executes(reinstateOrganisationCalls)
