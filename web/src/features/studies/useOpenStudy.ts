import { type Felt, fileStudySchema, newSalt, type OrganisationId, type StudyDetails, studyDetailsHash } from '@medsync/protocol'
import { useCallback, useRef } from 'react'
import { loadChain } from '../chain/loadChain.ts'
import { useNetwork } from '../network/useNetwork.ts'
import { callGateway } from '../session/callGateway.ts'
import { type TransactionControl, useTransaction } from '../transactions/useTransaction.ts'
import type { offerOfStudy } from './studyDraft.ts'

/** Keeps the description at the gateway, then approves deposit and bond and opens the study in one transaction. */
export function useOpenStudy(organisation: OrganisationId): {
  readonly transaction: TransactionControl
  readonly open: (details: StudyDetails, offer: ReturnType<typeof offerOfStudy>) => Promise<boolean>
} {
  const network = useNetwork()
  const transaction = useTransaction('open-study')
  const filed = useRef<{ readonly text: string; readonly hash: Felt }>(undefined)
  const { run } = transaction
  const open = useCallback(
    async (details: StudyDetails, { deposit, ...offer }: ReturnType<typeof offerOfStudy>) => {
      const file = async (): Promise<Felt> => {
        const text = JSON.stringify(details)
        if (filed.current?.text === text) return filed.current.hash
        const salt = newSalt()
        const hash = studyDetailsHash(details, salt)
        await callGateway({ path: '/research/studies', answer: fileStudySchema, method: 'POST', body: { details, salt, hash } })
        filed.current = { text, hash }
        return hash
      }
      const confirmed = await run(`Open the study “${details.title}”`, async () => {
        const [{ openStudyCalls }, hash] = await Promise.all([loadChain(), file()])
        return openStudyCalls(network, { terms: { organisation, ...offer, details: hash }, deposit })
      })
      return confirmed !== undefined
    },
    [network, organisation, run],
  )
  return { transaction, open }
}
