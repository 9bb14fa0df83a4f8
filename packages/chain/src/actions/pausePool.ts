import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

/** Calls that stop new studies, deposits, requests and settlements. */
export const pausePoolCalls: CallBuilder<void> = (chain) => [callOf(chain, 'rewardPool', 'pause', [])]

/**
 * Stops new studies, deposits, requests and settlements; what was earned can still be claimed. Pausers only.
 * @throws {ContractError} `Pool: not a pauser`, `Pool: paused`.
 */
export const pausePool = executes(pausePoolCalls)
