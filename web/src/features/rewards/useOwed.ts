import { queryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { loadChain } from '../chain/loadChain.ts'
import type { Claim, Claimant } from '../chain/readClaims.ts'
import { useNetwork } from '../network/useNetwork.ts'
import type { Token } from '../network/useToken.ts'

/** What the claimant may collect of one token. */
export type Owed = { readonly token: Token; readonly amount: bigint }

const keyOf = (claimant: Claimant): string => ('account' in claimant ? claimant.account : claimant.organisation)

/** What the reward pool owes, for each token of this network, read from the chain. */
export function useOwed(claimant: Claimant): UseQueryResult<Owed[]> {
  const network = useNetwork()
  return useQuery(
    queryOptions({
      queryKey: ['mine', 'owed', keyOf(claimant)],
      queryFn: async ({ signal }) => {
        const { readOwed, readOwedToOrganisation } = await loadChain()
        return Promise.all(
          network.tokens.map(async (token) => ({
            token,
            amount: await ('account' in claimant
              ? readOwed(network, token.address, claimant.account, { signal })
              : readOwedToOrganisation(network, token.address, claimant.organisation, { signal })),
          })),
        )
      },
    }),
  )
}

/** What the claimant has collected, newest first. */
export function useClaims(claimant: Claimant): UseQueryResult<Claim[]> {
  const network = useNetwork()
  return useQuery(
    queryOptions({
      queryKey: ['mine', 'claims', keyOf(claimant)],
      queryFn: async ({ signal }) => {
        const { readClaims } = await import('../chain/readClaims.ts')
        return readClaims(network, claimant, { signal })
      },
    }),
  )
}
