import type { Felt } from '@medsync/protocol'
import { useCallback } from 'react'
import { shortenId } from '../../ui/format/shortenId.ts'
import { useNetwork } from './useNetwork.ts'

export type Token = { readonly address: Felt; readonly symbol: string; readonly decimals: number }

/** The token of an address; one that this network does not list is shown in its smallest unit, under its address. */
export function useTokenOf(): (address: Felt) => Token {
  const { tokens } = useNetwork()
  return useCallback(
    (address) => tokens.find((token) => token.address === address) ?? { address, symbol: shortenId(address), decimals: 0 },
    [tokens],
  )
}
