import type { OrganisationId } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type SuspendOrganisation = { readonly organisation: OrganisationId }

/** Calls that stop an organisation from acting, in every contract and at once. */
export const suspendOrganisationCalls: CallBuilder<SuspendOrganisation> = (chain, { organisation }) => [
  callOf(chain, 'participants', 'suspend', [organisation]),
]

/**
 * Stops an organisation from acting; governance, or whom it gave the power.
 * @throws {ContractError} `Participants: not allowed`, `Participants: not active`.
 */
export const suspendOrganisation = executes(suspendOrganisationCalls)
