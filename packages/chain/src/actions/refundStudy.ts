import type { StudyId } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type RefundStudy = { readonly study: StudyId }

/** Calls that pay what a study has left to its funder. */
export const refundStudyCalls: CallBuilder<RefundStudy> = (chain, { study }) => [callOf(chain, 'rewardPool', 'refund', [BigInt(study)])]

/**
 * Pays what the sender's study has left and not reserved to the sender, after its deadline.
 * @throws {ContractError} `Pool: unknown study`, `Pool: not the funder`, `Pool: deadline ahead`, `Pool: nothing left`.
 */
export const refundStudy = executes(refundStudyCalls)
