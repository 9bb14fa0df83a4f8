import { type Commitment, type ConsentTerms, commitConsent, deriveSalts, fileConsentSchema, newConsentNonce } from '@medsync/protocol'
import { useCallback, useRef } from 'react'
import { loadChain } from '../chain/loadChain.ts'
import { useNetwork } from '../network/useNetwork.ts'
import { useRequireSecret } from '../secret/useSecret.tsx'
import { callGateway } from '../session/callGateway.ts'
import { useSession } from '../session/useSession.ts'
import { type TransactionControl, useTransaction } from '../transactions/useTransaction.ts'

export type GrantConsent = {
  readonly transaction: TransactionControl
  /** Files the terms, then lets the wallet grant them, or put them in the place of `replaces`. Resolves to the commitment once a block holds it. */
  readonly grant: (terms: ConsentTerms, granteeName: string) => Promise<Commitment | undefined>
}

/** Grants a consent, or replaces one. Terms stay here and at the gateway; the chain gets their commitment alone. */
export function useGrantConsent(replaces?: Commitment): GrantConsent {
  const network = useNetwork()
  const session = useSession()
  const requireSecret = useRequireSecret()
  const transaction = useTransaction(replaces === undefined ? 'grant' : `replace:${replaces}`)
  // A second try of the same terms files the same commitment again instead of leaving another draft behind.
  const filed = useRef<{ readonly text: string; readonly commitment: Commitment }>(undefined)
  const { run } = transaction
  const grant = useCallback(
    async (terms: ConsentTerms, granteeName: string) => {
      const file = async (): Promise<Commitment> => {
        const text = JSON.stringify(terms)
        if (filed.current?.text === text) return filed.current.commitment
        const nonce = newConsentNonce()
        const salts = deriveSalts(await requireSecret(), nonce)
        const place = { chainId: network.chainId, registry: network.contracts.consentRegistry, patient: session.account }
        const { commitment } = commitConsent({ ...place, terms, salts })
        const body = { commitment, terms, salts, nonce, ...(replaces === undefined ? {} : { replaces }) }
        await callGateway({ path: '/patient/consents', answer: fileConsentSchema, method: 'POST', body })
        filed.current = { text, commitment }
        return commitment
      }
      const label = replaces === undefined ? `Grant consent to ${granteeName}` : `Change consent to ${granteeName}`
      const hash = await run(label, async () => {
        const [{ grantConsentCalls, replaceConsentCalls }, commitment] = await Promise.all([loadChain(), file()])
        return replaces === undefined
          ? grantConsentCalls(network, { commitment })
          : replaceConsentCalls(network, { old: replaces, new: commitment })
      })
      return hash === undefined ? undefined : filed.current?.commitment
    },
    [network, session, requireSecret, run, replaces],
  )
  return { transaction, grant }
}
