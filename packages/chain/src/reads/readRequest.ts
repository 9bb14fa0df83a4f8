import {
  type AccountAddress,
  type Felt,
  type OrganisationId,
  type RequestId,
  requestIdSchema,
  type StudyId,
  studyIdSchema,
} from '@medsync/protocol'
import * as z from 'zod'
import { callView, type ViewOptions } from '../calls/callView.ts'
import type { Chain } from '../deployment.ts'
import { ChainFailureError } from '../errors.ts'
import { addressShape, countShape, feltShape } from '../shapes.ts'

/** Where a request stands; numbers as in the contract. */
export const REQUEST_STATES = { unknown: 0, open: 1, settled: 2, refused: 3, expired: 4 } as const
export type RequestState = keyof typeof REQUEST_STATES

/** What became of the dispute of a settled request; numbers as in the contract. */
export const HARMS = { none: 0, disputed: 1, upheld: 2, rejected: 3, compensated: 4 } as const
export type Harm = keyof typeof HARMS

/** One request for one patient's data, as the reward pool keeps it. */
export type ChainRequest = {
  readonly study: StudyId
  readonly state: Exclude<RequestState, 'unknown'>
  readonly harm: Harm
  readonly requester: AccountAddress
  readonly patient: AccountAddress
  readonly hospital: OrganisationId
  readonly expiresAtS: number
  readonly digest: Felt
}

const requestShape = z.object({
  study: countShape,
  state: countShape,
  harm: countShape,
  requester: addressShape,
  patient: addressShape,
  hospital: addressShape,
  expires_at_s: countShape,
  digest: feltShape,
})

/** The request `id`; undefined when there is none. */
export async function readRequest(chain: Chain, id: RequestId, options?: ViewOptions): Promise<ChainRequest | undefined> {
  const { expires_at_s: expiresAtS, ...request } = await callView(chain, 'rewardPool', 'request_of', [BigInt(id)], requestShape, options)
  const state = stateOf(request.state)
  if (state === 'unknown') return undefined
  return { ...request, state, harm: harmOf(request.harm), study: studyIdSchema.parse(request.study), expiresAtS }
}

/** The request that `requester` made under `digest`; undefined when there is none. */
export async function readRequestByDigest(
  chain: Chain,
  requester: AccountAddress,
  digest: Felt,
  options?: ViewOptions,
): Promise<RequestId | undefined> {
  const id = await callView(chain, 'rewardPool', 'request_by_digest', [requester, digest], countShape, options)
  return id === 0 ? undefined : requestIdSchema.parse(id)
}

function stateOf(code: number): RequestState {
  const name = (Object.keys(REQUEST_STATES) as RequestState[]).find((state) => REQUEST_STATES[state] === code)
  if (name === undefined) throw new ChainFailureError(`request: unknown state ${code}`)
  return name
}

function harmOf(code: number): Harm {
  const name = (Object.keys(HARMS) as Harm[]).find((harm) => HARMS[harm] === code)
  if (name === undefined) throw new ChainFailureError(`request: unknown harm ${code}`)
  return name
}
