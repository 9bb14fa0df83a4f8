import type { Account, Call } from 'starknet'
import { ChoreError } from '../choreError.ts'
import { transactionDetails } from './transactionDetails.ts'

/**
 * Runs these calls in one transaction and waits until it is in a block; nothing when there are none.
 * @returns Number of the block; undefined when there was nothing to do.
 * @throws {ChoreError} `deploy/reverted` with the chain's reason.
 */
export async function execute(account: Account, calls: readonly Call[]): Promise<number | undefined> {
  if (calls.length === 0) return undefined
  const nonce = BigInt(await account.getNonce())
  const { transaction_hash } = await account.execute([...calls], transactionDetails(nonce))
  const receipt = await account.provider.waitForTransaction(transaction_hash, { retryInterval: 50 })
  if (receipt.isSuccess()) return receipt.block_number
  throw new ChoreError(
    'deploy/reverted',
    `Transaction ${transaction_hash} was reverted.`,
    receipt.isReverted() ? receipt.revert_reason : 'Look at its receipt.',
  )
}
