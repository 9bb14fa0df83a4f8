import type { RequestId } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type CompensatePatient = { readonly request: RequestId }

/** Calls that credit a harmed patient with their part of the bond. */
export const compensatePatientCalls: CallBuilder<CompensatePatient> = (chain, { request }) => [
  callOf(chain, 'rewardPool', 'compensate', [BigInt(request)]),
]

/**
 * Credits the patient of a request with their part of the bond; anyone may, once the study is closed.
 * @throws {ContractError} `Pool: unknown request`, `Pool: not harmed`, `Pool: study not closed`.
 */
export const compensatePatient = executes(compensatePatientCalls)
