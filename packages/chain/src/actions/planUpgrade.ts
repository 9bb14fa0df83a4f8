import type { Felt } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import type { ContractName } from '../deployment.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type PlanUpgrade = { readonly contract: ContractName; readonly classHash: Felt }

/** Calls that plan the next class of a contract. */
export const planUpgradeCalls: CallBuilder<PlanUpgrade> = (chain, { contract, classHash }) => [
  callOf(chain, contract, 'plan_upgrade', [classHash]),
]

/**
 * Plans the next class of a contract; it can be put in place after two days, for two weeks. Governance only.
 * @throws {ContractError} `Upgrade: not the governor`, `Upgrade: zero class`.
 */
export const planUpgrade = executes(planUpgradeCalls)
