import type { Felt } from '@medsync/protocol'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { Call } from 'starknet'
import { useNetwork } from '../network/useNetwork.ts'
import { useSession } from '../session/useSession.ts'
import { useStore } from '../store/createStore.ts'
import { walletOf } from '../wallet/reconnectWallet.ts'
import { runTransaction } from './runTransaction.ts'
import { isPending, type TransactionState } from './transactionState.ts'
import { transactionStore } from './transactionStore.ts'

export type TransactionControl = {
  readonly state: TransactionState
  readonly isPending: boolean
  /** Starts the action; resolves to its hash once a block holds it, or undefined. Pressing twice starts it once. */
  readonly run: (label: string, calls: () => Promise<readonly Call[]>) => Promise<Felt | undefined>
  /** Shows no longer how the last one ended. */
  readonly clear: () => void
}

const IDLE: TransactionState = { step: 'idle' }

/** One action of the signed-in account. Everything of that account is loaded again when it has ended. */
export function useTransaction(key: string): TransactionControl {
  const network = useNetwork()
  const session = useSession()
  const queries = useQueryClient()
  const ownKey = `${session.account}:${key}`
  const entry = useStore(transactionStore).get(ownKey)?.state ?? IDLE
  // How an earlier one ended is the tray's to tell; one that is still under way is shown wherever its button is.
  const [isStartedHere, setIsStartedHere] = useState(false)
  const state = isStartedHere || isPending(entry) ? entry : IDLE
  const run = useCallback(
    async (label: string, calls: () => Promise<readonly Call[]>) => {
      setIsStartedHere(true)
      const hash = await runTransaction({ key: ownKey, label, network, wallet: () => walletOf(network, session), calls })
      // After a failure as well: it may have failed because what the page showed was old.
      void queries.invalidateQueries({ queryKey: ['mine'] })
      return hash
    },
    [ownKey, network, session, queries],
  )
  const clear = useCallback(() => setIsStartedHere(false), [])
  return { state, isPending: isPending(state), run, clear }
}
