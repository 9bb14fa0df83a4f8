import { type CategoryKey, fileRequestSchema, newSalt, type RequestDetails, requestDigest, type StudyView } from '@medsync/protocol'
import { useCallback } from 'react'
import { loadChain } from '../chain/loadChain.ts'
import { useNetwork } from '../network/useNetwork.ts'
import { callGateway } from '../session/callGateway.ts'
import { useSession } from '../session/useSession.ts'
import { type TransactionControl, useTransaction } from '../transactions/useTransaction.ts'
import type { Askable } from './askables.ts'

/** Gives each hospital the details, then makes all requests in one transaction: all of them are made, or none. */
export function useRequestAccess(): {
  readonly transaction: TransactionControl
  readonly request: (study: StudyView, chosen: readonly Askable[], categories: readonly CategoryKey[]) => Promise<boolean>
} {
  const network = useNetwork()
  const { account } = useSession()
  const transaction = useTransaction('request')
  const { run } = transaction
  const request = useCallback(
    async (study: StudyView, chosen: readonly Askable[], categories: readonly CategoryKey[]) => {
      const label =
        chosen.length === 1 ? `Request access for study ${study.study}` : `Request ${chosen.length} accesses for study ${study.study}`
      const hash = await run(label, async () => {
        const { requestAccessCalls } = await loadChain()
        const calls = chosen.map(async ({ grant, hospital, categories: covered }) => {
          if (hospital === undefined) return []
          const details: RequestDetails = {
            study: study.study,
            requester: account,
            patient: grant.patient,
            hospital,
            commitment: grant.commitment,
            categories: categories.filter((key) => covered.includes(key)),
            dataFromS: study.details?.dataFromS ?? 0,
            dataToS: study.details?.dataToS ?? 0,
          }
          const salt = newSalt()
          const digest = requestDigest(details, salt)
          await callGateway({ path: '/research/requests', answer: fileRequestSchema, method: 'POST', body: { details, salt, digest } })
          return requestAccessCalls(network, { study: study.study, patient: grant.patient, hospital, digest })
        })
        return (await Promise.all(calls)).flat()
      })
      return hash !== undefined
    },
    [network, account, run],
  )
  return { transaction, request }
}
