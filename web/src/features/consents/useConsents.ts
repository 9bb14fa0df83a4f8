import { type PatientConsent, patientConsentsSchema } from '@medsync/protocol'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useNowS } from '../../ui/useNowS.ts'
import { loadChain } from '../chain/loadChain.ts'
import { useNetwork } from '../network/useNetwork.ts'
import { useSecret } from '../secret/useSecret.tsx'
import { callAllPages } from '../session/callGateway.ts'
import { useSession } from '../session/useSession.ts'
import { type ConsentMismatch, type ConsentStanding, checkConsent, standingOf } from './checkConsent.ts'

/** One own consent: its terms from the gateway, its state from the chain itself, and whether the two fit. */
export type ConsentView = {
  readonly consent: PatientConsent
  readonly standing: ConsentStanding
  readonly grantedAtS: number
  readonly endedAtS: number
  readonly mismatch: ConsentMismatch | undefined
}

/** GET /patient/consents, each with its state read from the chain: the gateway's word is not enough here. */
export function useConsents(): { readonly views: readonly ConsentView[] | undefined; readonly error: unknown; readonly retry: () => void } {
  const network = useNetwork()
  const session = useSession()
  const secret = useSecret()
  const nowS = useNowS()
  const query = useQuery(
    queryOptions({
      queryKey: ['mine', 'consents'],
      queryFn: async ({ signal }) => {
        const [{ readConsentState }, consents] = await Promise.all([
          loadChain(),
          callAllPages({ path: '/patient/consents', answer: patientConsentsSchema, signal }),
        ])
        const read = async (consent: PatientConsent) => ({
          consent,
          state: await readConsentState(network, session.account, consent.commitment, { signal }),
        })
        return Promise.all(consents.map(read))
      },
    }),
  )
  const views = useMemo(
    () =>
      query.data?.map(({ consent, state }) => ({
        consent,
        standing: standingOf(state.status, consent.terms.expiresAtS, nowS),
        grantedAtS: state.grantedAtS,
        endedAtS: state.endedAtS,
        mismatch: checkConsent(consent, network, session, secret),
      })),
    [query.data, network, session, secret, nowS],
  )
  return { views, error: query.error, retry: () => void query.refetch() }
}
