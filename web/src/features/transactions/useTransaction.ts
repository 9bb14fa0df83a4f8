import type { Felt } from '@medsync/protocol'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Call } from 'starknet'
import { useNetwork } from '../network/useNetwork.ts'
import { useSession } from '../session/useSession.ts'
import { useStore } from '../store/createStore.ts'
import { walletOf } from '../wallet/reconnectWallet.ts'
import { runTransaction } from './runTransaction.ts'
import { isPending, type TransactionState } from './transactionState.ts'
import { putTransaction, transactionStore } from './transactionStore.ts'

export type TransactionControl = {
  readonly state: TransactionState
  readonly isPending: boolean
  /** Starts the action; resolves to its hash once a block holds it, or undefined. Pressing twice starts it once. */
  readonly run: (label: string, calls: () => Promise<readonly Call[]>) => Promise<Felt | undefined>
  /** Forgets how the last one ended. */
  readonly clear: () => void
}

/** One action of the signed-in account. Everything of that account is loaded again when it is confirmed. */
export function useTransaction(key: string): TransactionControl {
  const network = useNetwork()
  const session = useSession()
  const queries = useQueryClient()
  const ownKey = `${session.account}:${key}`
  const state = useStore(transactionStore).get(ownKey)?.state ?? { step: 'idle' }
  const run = useCallback(
    async (label: string, calls: () => Promise<readonly Call[]>) => {
      const hash = await runTransaction({ key: ownKey, label, network, wallet: () => walletOf(network, session), calls })
      if (hash !== undefined) await queries.invalidateQueries({ queryKey: ['mine'] })
      return hash
    },
    [ownKey, network, session, queries],
  )
  const clear = useCallback(() => putTransaction(ownKey, { state: { step: 'idle' } }), [ownKey])
  return { state, isPending: isPending(state), run, clear }
}
