import type { AccountAddress, StudyId } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'
import { approveTokenCalls } from './approveToken.ts'

export type FundStudy = { readonly study: StudyId; readonly token: AccountAddress /** Smallest unit. */; readonly amount: bigint }

/** Calls that approve `amount` and add it to the study, in one transaction. */
export const fundStudyCalls: CallBuilder<FundStudy> = (chain, { study, token, amount }) => [
  ...approveTokenCalls(chain, { token, amount }),
  callOf(chain, 'rewardPool', 'fund', [BigInt(study), amount]),
]

/**
 * Adds money to the sender's study.
 * @throws {ContractError} `Pool: unknown study`, `Pool: not the funder`, `Pool: zero amount`, `Pool: deadline passed`, `Pool: token call failed`.
 */
export const fundStudy = executes(fundStudyCalls)
