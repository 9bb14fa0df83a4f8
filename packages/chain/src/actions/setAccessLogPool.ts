import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

/** Calls that name the deployment's reward pool in its access log. */
export const setAccessLogPoolCalls: CallBuilder<Record<never, never>> = (chain) => [
  callOf(chain, 'accessLog', 'set_pool', [chain.contracts.rewardPool]),
]

/**
 * Names the reward pool in the access log, once and for good; governance only.
 * @throws {ContractError} `Log: not the owner`, `Log: pool already set`.
 */
export const setAccessLogPool = executes(setAccessLogPoolCalls)
