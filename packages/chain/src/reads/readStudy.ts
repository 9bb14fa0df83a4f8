import type { AccountAddress, StudyId } from '@medsync/protocol'
import * as z from 'zod'
import type { StudyTerms } from '../actions/openStudy.ts'
import { callView, type ViewOptions } from '../calls/callView.ts'
import type { Chain } from '../deployment.ts'
import { ChainFailureError } from '../errors.ts'
import { addressShape, amountShape, countShape, feltShape } from '../shapes.ts'

/** Where a study stands; numbers as in the contract. */
export const STUDY_STATES = { unknown: 0, open: 1, closed: 2 } as const
export type StudyState = keyof typeof STUDY_STATES

/** A study with its money, as the reward pool keeps it. Amounts in the token's smallest unit. */
export type ChainStudy = {
  readonly terms: StudyTerms
  readonly funder: AccountAddress
  readonly state: Exclude<StudyState, 'unknown'>
  /** Neither reserved nor paid. */
  readonly available: bigint
  /** Requests that wait for their answer; each holds the price. */
  readonly openRequests: number
  /** Requests that were answered with data. */
  readonly settled: number
  /** Different patients with an open or settled request. */
  readonly cohort: number
  readonly openDisputes: number
  /** Disputes that were upheld. */
  readonly upheld: number
}

const termsShape = z
  .object({
    organisation: feltShape,
    purpose: countShape,
    token: addressShape,
    price: amountShape,
    hospital_bps: countShape,
    pool_bps: countShape,
    cap_per_patient: countShape,
    min_cohort: countShape,
    bond: amountShape,
    deadline_s: countShape,
    answer_within_s: countShape,
    details: feltShape,
  })
  .transform((terms) => ({
    organisation: terms.organisation,
    purposeIndex: terms.purpose,
    token: terms.token,
    price: terms.price,
    hospitalBps: terms.hospital_bps,
    poolBps: terms.pool_bps,
    capPerPatient: terms.cap_per_patient,
    minCohort: terms.min_cohort,
    bond: terms.bond,
    deadlineS: terms.deadline_s,
    answerWithinS: terms.answer_within_s,
    details: terms.details,
  }))

const studyShape = z.object({
  terms: termsShape,
  funder: addressShape,
  state: countShape,
  available: amountShape,
  open_requests: countShape,
  settled: countShape,
  cohort: countShape,
  open_disputes: countShape,
  upheld: countShape,
})

/** The study `id`; undefined when there is none. */
export async function readStudy(chain: Chain, id: StudyId, options?: ViewOptions): Promise<ChainStudy | undefined> {
  const study = await callView(chain, 'rewardPool', 'study', [BigInt(id)], studyShape, options)
  const state = stateOf(study.state)
  if (state === 'unknown') return undefined
  const { terms, funder, available, open_requests: openRequests, settled, cohort, open_disputes: openDisputes, upheld } = study
  return { terms, funder, state, available, openRequests, settled, cohort, openDisputes, upheld }
}

/** From when a study can be closed, seconds; 0 when there is no such study. */
export async function readClosesAtS(chain: Chain, id: StudyId, options?: ViewOptions): Promise<number> {
  return await callView(chain, 'rewardPool', 'closes_at_s', [BigInt(id)], countShape, options)
}

/** What each harmed patient of a closed study gets of its bond, smallest unit; 0 when none was harmed. */
export async function readCompensation(chain: Chain, id: StudyId, options?: ViewOptions): Promise<bigint> {
  return await callView(chain, 'rewardPool', 'compensation', [BigInt(id)], amountShape, options)
}

/** Whether the pool is paused: nothing new, while what was earned can be collected. */
export async function readIsPaused(chain: Chain, options?: ViewOptions): Promise<boolean> {
  return await callView(chain, 'rewardPool', 'is_paused', [], z.boolean(), options)
}

function stateOf(code: number): StudyState {
  const name = (Object.keys(STUDY_STATES) as StudyState[]).find((state) => STUDY_STATES[state] === code)
  if (name === undefined) throw new ChainFailureError(`study: unknown state ${code}`)
  return name
}
