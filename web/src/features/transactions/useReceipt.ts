import type { Felt } from '@medsync/protocol'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { loadChain } from '../chain/loadChain.ts'
import { useNetwork } from '../network/useNetwork.ts'
import { type EventView, eventView } from './eventView.ts'

/** A transaction as anyone can read it from the chain, with what MedSync's contracts said in it. */
export type ReceiptView = {
  readonly status: 'confirmed' | 'reverted' | 'unknown'
  readonly blockNumber: number | undefined
  readonly feeFri: bigint | undefined
  readonly events: readonly EventView[]
  readonly otherEvents: number
  readonly failure: { readonly what: string; readonly hint: string } | undefined
}

/** The receipt of a transaction, asked again until the chain has it. */
export function useReceipt(hash: Felt): UseQueryResult<ReceiptView> {
  const network = useNetwork()
  return useQuery<ReceiptView>({
    queryKey: ['public', 'receipt', hash],
    refetchInterval: ({ state }) => (state.data?.status === 'unknown' ? 1_500 : false),
    queryFn: async ({ signal }): Promise<ReceiptView> => {
      const { ChainUnreachableError, readPendingEvent, decodeContractError, readReceipt } = await loadChain()
      const empty = { blockNumber: undefined, feeFri: undefined, events: [], otherEvents: 0, failure: undefined }
      try {
        const receipt = await readReceipt(network, hash, { signal })
        if (receipt === undefined) return { ...empty, status: 'unknown' }
        const known = receipt.events.flatMap((event) => readPendingEvent(network, { ...event, transaction_hash: hash }) ?? [])
        const events = known.map(eventView)
        const { blockNumber, feeFri } = receipt
        return { status: 'confirmed', blockNumber, feeFri, events, otherEvents: receipt.events.length - known.length, failure: undefined }
      } catch (error) {
        if (error instanceof ChainUnreachableError || signal.aborted) throw error
        const { what, hint } = decodeContractError(error)
        return { ...empty, status: 'reverted', failure: { what, hint } }
      }
    },
  })
}
