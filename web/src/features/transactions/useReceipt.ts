import type { Felt } from '@medsync/protocol'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { loadChain } from '../chain/loadChain.ts'
import { useNetwork } from '../network/useNetwork.ts'

/** A transaction as anyone can read it from the chain, with what MedSync's contracts said in it. */
export type ReceiptView = {
  readonly status: 'confirmed' | 'reverted' | 'unknown'
  readonly blockNumber: number | undefined
  readonly feeFri: bigint | undefined
  readonly events: readonly { readonly name: string; readonly fields: readonly (readonly [string, string])[] }[]
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
      const { ChainUnreachableError, decodeEvent, decodeContractError, readReceipt } = await loadChain()
      const empty = { blockNumber: undefined, feeFri: undefined, events: [], otherEvents: 0, failure: undefined }
      try {
        const receipt = await readReceipt(network, hash, { signal })
        if (receipt === undefined) return { ...empty, status: 'unknown' }
        const ours = new Set<string>(Object.values(network.contracts))
        const known = receipt.events.filter(({ from_address }) => ours.has(from_address))
        const events = known.map((event) => {
          const decoded = decodeEvent(network, { ...event, transaction_hash: hash })
          const fields = Object.entries(decoded).filter(([key]) => key !== 'type')
          return { name: decoded.type, fields: fields.flatMap(([key, value]) => fieldLines(key, value)) }
        })
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

/** A field as lines of text; a struct gives one line for each of its own fields. */
function fieldLines(key: string, value: unknown): (readonly [string, string])[] {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([inner, each]) => fieldLines(`${key}.${inner}`, each))
  return [[key, String(value)]]
}
