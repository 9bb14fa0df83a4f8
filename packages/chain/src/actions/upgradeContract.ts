import type { Felt } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import type { ContractName } from '../deployment.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type UpgradeContract = { readonly contract: ContractName /** What was planned. */; readonly classHash: Felt }

/** Calls that put the planned class of a contract in place. */
export const upgradeContractCalls: CallBuilder<UpgradeContract> = (chain, { contract, classHash }) => [
  callOf(chain, contract, 'upgrade', [classHash]),
]

/**
 * Puts the planned class of a contract in place; its storage stays. Governance only.
 * @throws {ContractError} `Upgrade: not the governor`, `Upgrade: not planned`, `Upgrade: too early`, `Upgrade: plan is stale`.
 */
export const upgradeContract = executes(upgradeContractCalls)
