import type { Access } from '@medsync/protocol'
import { queryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useNetwork } from '../network/useNetwork.ts'
import { useSession } from '../session/useSession.ts'
import type { LogProof } from './checkAccesses.ts'
import { loadAccesses } from './loadAccesses.ts'

/** Own accesses, newest first, with the proof that none is missing. */
export type AccessList = { readonly accesses: readonly Access[]; readonly proof: LogProof }

/** An entry that a block has just brought may be on the chain a moment before the gateway tells it: then it is asked again. */
const TRIES = 5
const PAUSE_MS = 700

/** GET /patient/accesses, held against count and root of the log on the chain in this browser. */
export function useAccesses(): UseQueryResult<AccessList> {
  const network = useNetwork()
  const { account } = useSession()
  return useQuery(
    queryOptions({
      queryKey: ['mine', 'accesses'],
      queryFn: async ({ signal }): Promise<AccessList> => {
        for (let attempt = 1; ; attempt++) {
          const { ordered, proof } = await loadAccesses(network, account, signal)
          if (proof.state === 'whole' || attempt === TRIES) return { accesses: ordered.toReversed(), proof }
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
          signal.throwIfAborted()
        }
      },
    }),
  )
}
