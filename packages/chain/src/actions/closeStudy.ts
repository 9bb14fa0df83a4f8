import type { StudyId } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type CloseStudy = { readonly study: StudyId }

/** Calls that end a study and share out what is left of it. */
export const closeStudyCalls: CallBuilder<CloseStudy> = (chain, { study }) => [callOf(chain, 'rewardPool', 'close', [BigInt(study)])]

/**
 * Ends a study for good and shares out what is left of it; anyone may, once its time has come.
 * @throws {ContractError} `Pool: unknown study`, `Pool: study closed`, `Pool: too early to close`, `Pool: requests open`, `Pool: disputes open`.
 */
export const closeStudy = executes(closeStudyCalls)
