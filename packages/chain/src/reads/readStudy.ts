import { type AccountAddress, type StudyId, ZERO } from '@medsync/protocol'
import * as z from 'zod'
import type { StudyTerms } from '../actions/openStudy.ts'
import { callView, type ViewOptions } from '../calls/callView.ts'
import type { Chain } from '../deployment.ts'
import { addressShape, amountShape, countShape, feltShape } from '../shapes.ts'

/** A study with its money, as the reward pool keeps it. Amounts in the token's smallest unit. */
export type ChainStudy = {
  readonly terms: StudyTerms
  readonly funder: AccountAddress
  readonly available: bigint
  readonly reserved: bigint
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
    deadlineS: terms.deadline_s,
    answerWithinS: terms.answer_within_s,
    details: terms.details,
  }))

const studyShape = z.object({ terms: termsShape, funder: addressShape, available: amountShape, reserved: amountShape })

/** The study `id`; undefined when there is none. */
export async function readStudy(chain: Chain, id: StudyId, options?: ViewOptions): Promise<ChainStudy | undefined> {
  const study = await callView(chain, 'rewardPool', 'study', [BigInt(id)], studyShape, options)
  if (study.terms.organisation === ZERO) return undefined
  return study
}
