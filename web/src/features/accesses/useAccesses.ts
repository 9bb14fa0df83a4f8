import { type Access, accessesSchema, type Network } from '@medsync/protocol'
import { queryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { loadChain } from '../chain/loadChain.ts'
import { useNetwork } from '../network/useNetwork.ts'
import { callAllPages } from '../session/callGateway.ts'
import { useSession } from '../session/useSession.ts'
import { type LogProof, proofOf } from './checkAccesses.ts'

/** Own accesses, newest first, with the proof that none is missing. */
export type AccessList = { readonly accesses: readonly Access[]; readonly proof: LogProof }

/** An entry that a block has just brought may be on the chain a moment before the gateway tells it: then it is asked again. */
const TRIES = 5
const PAUSE_MS = 700

/** GET /patient/accesses, held against the chain's count and head in this browser. */
export function useAccesses(): UseQueryResult<AccessList> {
  const network = useNetwork()
  const { account } = useSession()
  return useQuery(
    queryOptions({
      queryKey: ['mine', 'accesses'],
      queryFn: async ({ signal }): Promise<AccessList> => {
        for (let attempt = 1; ; attempt++) {
          const list = await readOnce(network, account, signal)
          if (list.proof.state === 'whole' || attempt === TRIES) return list
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
          signal.throwIfAborted()
        }
      },
    }),
  )
}

async function readOnce(network: Network, account: Network['chainId'], signal: AbortSignal): Promise<AccessList> {
  const { readPatientLog } = await loadChain()
  const accesses = await callAllPages({ path: '/patient/accesses', answer: accessesSchema, signal })
  const ordered = accesses.toSorted((one, other) => one.index - other.index)
  const proof = proofOf(ordered, await readPatientLog(network, account, { signal }))
  return { accesses: ordered.toReversed(), proof }
}
