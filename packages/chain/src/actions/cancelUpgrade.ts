import { callOf } from '../calls/callOf.ts'
import type { ContractName } from '../deployment.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type CancelUpgrade = { readonly contract: ContractName }

/** Calls that drop the planned upgrade of a contract. */
export const cancelUpgradeCalls: CallBuilder<CancelUpgrade> = (chain, { contract }) => [callOf(chain, contract, 'cancel_upgrade', [])]

/**
 * Drops the planned upgrade of a contract; governance only.
 * @throws {ContractError} `Upgrade: not the governor`, `Upgrade: not planned`.
 */
export const cancelUpgrade = executes(cancelUpgradeCalls)
