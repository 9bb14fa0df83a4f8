import { requestIdSchema } from '@medsync/protocol'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { loadChain } from '../chain/loadChain.ts'
import { useNetwork } from '../network/useNetwork.ts'

/** A harmed patient's part of a study's bond, smallest unit; `due` once the study is closed, `credited` once it stands among the rewards. */
export type Compensation = { readonly state: 'waiting' | 'due' | 'credited'; readonly amount: bigint; readonly token: string }

/** What is to be had for a settled request whose dispute was upheld, read from the chain; null when there is nothing. */
export function useCompensation(reference: number): UseQueryResult<Compensation | null> {
  const network = useNetwork()
  return useQuery({
    queryKey: ['mine', 'compensation', reference],
    queryFn: async ({ signal }): Promise<Compensation | null> => {
      const { readCompensation, readRequest, readStudy } = await loadChain()
      const request = await readRequest(network, requestIdSchema.parse(reference), { signal })
      if (request?.harm !== 'upheld' && request?.harm !== 'compensated') return null
      const [study, amount] = await Promise.all([
        readStudy(network, request.study, { signal }),
        readCompensation(network, request.study, { signal }),
      ])
      if (study === undefined || study.terms.bond === 0n) return null
      if (study.state === 'open') return { state: 'waiting', amount: study.terms.bond, token: study.terms.token }
      return { state: request.harm === 'compensated' ? 'credited' : 'due', amount, token: study.terms.token }
    },
  })
}
