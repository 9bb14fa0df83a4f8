import type { Felt, Network } from '@medsync/protocol'
import type { Call } from 'starknet'
import { loadChain } from '../chain/loadChain.ts'
import { problemOf } from '../problem/problemOf.ts'
import type { Wallet } from '../wallet/wallet.ts'
import { isPending } from './transactionState.ts'
import { putTransaction, transactionStore } from './transactionStore.ts'

export type TransactionPlan = {
  /** Names the action; while one with this key is under way, another is not started. */
  readonly key: string
  /** What it does, for people: "Grant consent to Northgate". */
  readonly label: string
  readonly network: Network
  readonly wallet: () => Promise<Wallet>
  /** What must happen before the wallet is asked, and the calls that follow from it. */
  readonly calls: () => Promise<readonly Call[]>
}

/**
 * Takes an action from the button to the block: prepare, wallet, sent, confirmed, or failed with what to do.
 * @returns The hash when it was confirmed; undefined when it failed (the state says why) or was already under way.
 */
export async function runTransaction({ key, label, network, wallet, calls }: TransactionPlan): Promise<Felt | undefined> {
  const running = transactionStore.get().get(key)
  if (running !== undefined && isPending(running.state)) return undefined
  putTransaction(key, { label, state: { step: 'preparing' }, isDismissed: false })
  const { waitForTransaction, decodeContractError } = await loadChain()
  let hash: Felt | undefined
  try {
    const prepared = await calls()
    const signer = await wallet()
    putTransaction(key, { state: { step: 'wallet' } })
    hash = await signer.execute(prepared)
    putTransaction(key, { state: { step: 'sent', hash } })
    const { blockNumber } = await waitForTransaction(network, hash)
    putTransaction(key, { state: { step: 'confirmed', hash, blockNumber: blockNumber ?? 0 } })
    return hash
  } catch (error) {
    const problem = problemOf(isOurs(error) ? error : decodeContractError(error))
    putTransaction(key, { state: { step: 'failed', problem, ...(hash === undefined ? {} : { hash }) } })
    return undefined
  }
}

function isOurs(error: unknown): boolean {
  return error instanceof Error && 'hint' in error
}
