import {
  type CategoryKey,
  fileRequestSchema,
  newSalt,
  type RequestDetails,
  requestDigest,
  type StudyId,
  type StudyView,
} from '@medsync/protocol'
import { useCallback } from 'react'
import { loadChain } from '../chain/loadChain.ts'
import { useNetwork } from '../network/useNetwork.ts'
import { callGateway } from '../session/callGateway.ts'
import { useSession } from '../session/useSession.ts'
import { type TransactionControl, useTransaction } from '../transactions/useTransaction.ts'
import type { Askable } from './askables.ts'

/** What a request asks for; who asks is the account that is signed in. */
export type Wish = Omit<RequestDetails, 'requester'>

/** What a study asks of these patients and hospitals, within what each consent covers. */
export function wishesOf(study: StudyView, chosen: readonly Askable[], categories: readonly CategoryKey[]): Wish[] {
  return chosen.flatMap(({ grant, hospital, categories: covered }) => {
    if (hospital === undefined) return []
    return {
      study: study.study,
      patient: grant.patient,
      hospital,
      commitment: grant.commitment,
      categories: categories.filter((key) => covered.includes(key)),
      dataFromS: study.details?.dataFromS ?? 0,
      dataToS: study.details?.dataToS ?? 0,
    }
  })
}

/**
 * Gives each hospital the details, then makes all requests in one transaction: all of them are made, or none.
 * @param name - Which action it is, where there are several on a page.
 */
export function useRequestAccess(name = 'request'): {
  readonly transaction: TransactionControl
  readonly request: (study: StudyId, wishes: readonly Wish[]) => Promise<boolean>
} {
  const network = useNetwork()
  const { account } = useSession()
  const transaction = useTransaction(name)
  const { run } = transaction
  const request = useCallback(
    async (study: StudyId, wishes: readonly Wish[]) => {
      const label = wishes.length === 1 ? `Request access for study ${study}` : `Request ${wishes.length} accesses for study ${study}`
      const hash = await run(label, async () => {
        const { requestAccessCalls } = await loadChain()
        const calls = wishes.map(async (wish) => {
          const details: RequestDetails = { ...wish, requester: account }
          const salt = newSalt()
          const digest = requestDigest(details, salt)
          await callGateway({ path: '/research/requests', answer: fileRequestSchema, method: 'POST', body: { details, salt, digest } })
          return requestAccessCalls(network, { study: wish.study, patient: wish.patient, hospital: wish.hospital, digest })
        })
        return (await Promise.all(calls)).flat()
      })
      return hash !== undefined
    },
    [network, account, run],
  )
  return { transaction, request }
}
