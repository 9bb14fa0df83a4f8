import {
  type AccountAddress,
  CONSENT_STATUS,
  type Commitment,
  type ConsentOpening,
  type ConsentStatus,
  type Decision,
  decisionOf,
  type Membership,
  type OrganisationId,
} from '@medsync/protocol'
import * as z from 'zod'
import { callView, type ViewOptions } from '../calls/callView.ts'
import { membershipArguments, openingArguments } from '../calls/openingArguments.ts'
import type { Chain } from '../deployment.ts'
import { ChainFailureError } from '../errors.ts'
import { countShape } from '../shapes.ts'

/** Where a consent stands on chain. Times in seconds; 0 where there is none. */
export type ConsentState = { readonly status: ConsentStatus; readonly grantedAtS: number; readonly endedAtS: number }

const stateShape = z.object({ status: countShape, granted_at_s: countShape, ended_at_s: countShape })

/** State of the consent that `patient` granted under `commitment`. */
export async function readConsentState(
  chain: Chain,
  patient: AccountAddress,
  commitment: Commitment,
  options?: ViewOptions,
): Promise<ConsentState> {
  const state = await callView(chain, 'consentRegistry', 'state', [patient, commitment], stateShape, options)
  return { status: statusOf(state.status), grantedAtS: state.granted_at_s, endedAtS: state.ended_at_s }
}

/** State of a consent as a member of its bundle: its own when it was ended by itself, else that of the bundle. */
export async function readConsentStateIn(
  chain: Chain,
  patient: AccountAddress,
  { commitment, membership }: { commitment: Commitment; membership: Membership },
  options?: ViewOptions,
): Promise<ConsentState> {
  const args = [patient, commitment, membershipArguments(membership)] as const
  const state = await callView(chain, 'consentRegistry', 'state_in', [...args], stateShape, options)
  return { status: statusOf(state.status), grantedAtS: state.granted_at_s, endedAtS: state.ended_at_s }
}

/** A question for the registry: may `grantee` act for this purpose under these opened parts? */
export type ConsentQuestion = {
  readonly patient: AccountAddress
  readonly opening: ConsentOpening
  readonly grantee: OrganisationId
  readonly purposeIndex: number
}

/**
 * What the registry decides at the time of the block that is asked.
 * @throws {ContractError} `Consent: unknown purpose`, `Consent: zero salt`.
 */
export async function readDecision(chain: Chain, question: ConsentQuestion, options?: ViewOptions): Promise<Decision> {
  const { patient, opening, grantee, purposeIndex } = question
  const args = [patient, openingArguments(opening), grantee, purposeIndex] as const
  const decision = decisionOf(await callView(chain, 'consentRegistry', 'decide', [...args], countShape, options))
  if (decision === undefined) throw new ChainFailureError('decide: unknown decision')
  return decision
}

function statusOf(code: number): ConsentStatus {
  const name = (Object.keys(CONSENT_STATUS) as ConsentStatus[]).find((status) => CONSENT_STATUS[status] === code)
  if (name === undefined) throw new ChainFailureError(`state: unknown status ${code}`)
  return name
}
