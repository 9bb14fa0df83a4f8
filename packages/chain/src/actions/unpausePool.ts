import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

/** Calls that let everything go on. */
export const unpausePoolCalls: CallBuilder<void> = (chain) => [callOf(chain, 'rewardPool', 'unpause', [])]

/**
 * Lets everything go on; governance only.
 * @throws {ContractError} `Pool: not the owner`, `Pool: not paused`.
 */
export const unpausePool = executes(unpausePoolCalls)
