import { type Felt, studiesSchema } from '@medsync/protocol'
import { queryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useNetwork } from '../network/useNetwork.ts'
import { callAllPages } from '../session/callGateway.ts'
import { useSession } from '../session/useSession.ts'

/** GET /research/studies: the studies of the own office. */
export const studiesQuery = queryOptions({
  queryKey: ['mine', 'studies'],
  queryFn: ({ signal }) => callAllPages({ path: '/research/studies', answer: studiesSchema, signal }),
})

/** What the signed-in account holds of a token, read from the chain. */
export function useBalance(token: Felt | undefined): UseQueryResult<bigint> {
  const network = useNetwork()
  const { account } = useSession()
  return useQuery({
    queryKey: ['mine', 'balance', token],
    enabled: token !== undefined,
    queryFn: async ({ signal }) => {
      const { readBalance } = await import('../chain/readBalance.ts')
      return readBalance(network, token ?? network.chainId, account, { signal })
    },
  })
}
