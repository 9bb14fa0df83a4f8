import type { AccountAddress, Felt, OrganisationId } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'
import { approveTokenCalls } from './approveToken.ts'

/** A study's public offer, as the contract's `StudyTerms`. Amounts in the token's smallest unit. */
export type StudyTerms = {
  readonly organisation: OrganisationId
  readonly purposeIndex: number
  readonly token: AccountAddress
  readonly price: bigint
  readonly hospitalBps: number
  readonly poolBps: number
  readonly capPerPatient: number
  /** No data leaves before so many different patients are asked or have answered; 0 and 1 are no minimum. */
  readonly minCohort: number
  /** What the study loses to the patients it harmed; 0 is no bond. */
  readonly bond: bigint
  readonly deadlineS: number
  readonly answerWithinS: number
  /** `studyDetailsHash` of what the research office keeps. */
  readonly details: Felt
}
export type OpenStudy = { readonly terms: StudyTerms; readonly deposit: bigint }

/** Calls that approve deposit and bond and open the study with them, in one transaction. */
export const openStudyCalls: CallBuilder<OpenStudy> = (chain, { terms, deposit }) => [
  ...approveTokenCalls(chain, { token: terms.token, amount: deposit + terms.bond }),
  callOf(chain, 'rewardPool', 'open_study', [
    {
      organisation: terms.organisation,
      purpose: terms.purposeIndex,
      token: terms.token,
      price: terms.price,
      hospital_bps: terms.hospitalBps,
      pool_bps: terms.poolBps,
      cap_per_patient: terms.capPerPatient,
      min_cohort: terms.minCohort,
      bond: terms.bond,
      deadline_s: BigInt(terms.deadlineS),
      answer_within_s: BigInt(terms.answerWithinS),
      details: terms.details,
    },
    deposit,
  ]),
]

/**
 * Opens a study and funds it. Its id is in the `StudyOpened` event.
 * @throws {ContractError} `Pool: not the office`, `Pool: zero price`, `Pool: zero cap`, `Pool: zero amount`, `Pool: shares over whole`,
 * `Pool: unknown purpose`, `Pool: deadline passed`, `Pool: bad answering time`, `Pool: token call failed` (balance too low), `Pool: bond not covered`, `Pool: paused`, ...
 */
export const openStudy = executes(openStudyCalls)
