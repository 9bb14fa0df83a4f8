import type { AccountAddress, Felt, OrganisationId, StudyId } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type RequestAccess = {
  readonly study: StudyId
  readonly patient: AccountAddress
  readonly hospital: OrganisationId
  /** `requestDigest` of the details that were filed with the hospital. */
  readonly digest: Felt
}

/** Calls that ask a hospital for data of a patient and hold the price. */
export const requestAccessCalls: CallBuilder<RequestAccess> = (chain, { study, patient, hospital, digest }) => [
  callOf(chain, 'rewardPool', 'request', [BigInt(study), patient, hospital, digest]),
]

/**
 * Asks a hospital for data of a patient; file the details with its gateway first.
 * @throws {ContractError} `Pool: not the office`, `Pool: deadline passed`, `Pool: not a hospital`, `Pool: already requested`,
 * `Pool: not enough funds`, `Pool: cap reached`, `Pool: zero address`, `Pool: zero digest`, `Pool: unknown study`.
 */
export const requestAccess = executes(requestAccessCalls)
