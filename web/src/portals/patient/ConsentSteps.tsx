import type { Commitment, ConsentTerms } from '@medsync/protocol'
import { useMutation } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import { useNavigate } from 'react-router'
import { ConsentForm } from '../../features/consents/ConsentForm.tsx'
import { ConsentReview } from '../../features/consents/ConsentReview.tsx'
import type { ConsentDraft } from '../../features/consents/consentDraft.ts'
import { useGrantConsent } from '../../features/consents/useGrantConsent.ts'
import { useOrganisationName } from '../../features/network/useNetwork.ts'
import { problemOf } from '../../features/problem/problemOf.ts'
import { Page } from '../../ui/layout/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { TextLink } from '../../ui/TextLink.tsx'

export type ConsentStepsProps = {
  /** What the form shows first; made once. */
  readonly start: () => ConsentDraft
  /** Consent that the new one takes the place of, when it does. */
  readonly replaces?: Commitment
  readonly title: string
  readonly lead: string
  readonly reviewTitle: string
  /** Where to go once it is granted; the list of consents unless told. */
  readonly next?: string
  /** Tells somebody else of the consent once the chain has it; tried again until it succeeded. */
  readonly onGranted?: (commitment: Commitment) => Promise<void>
}

/** The two steps of every consent: choose, then read once more and sign. */
export function ConsentSteps({
  start,
  replaces,
  title,
  lead,
  reviewTitle,
  next = '/patient/consents',
  onGranted,
}: ConsentStepsProps): JSX.Element {
  const [draft, setDraft] = useState(start)
  const [terms, setTerms] = useState<ConsentTerms>()
  const { transaction, grant } = useGrantConsent(replaces)
  const nameOf = useOrganisationName()
  const navigate = useNavigate()
  const tell = useMutation({
    mutationFn: async (commitment: Commitment) => await onGranted?.(commitment),
    onSuccess: () => navigate(next),
  })
  const sign = async (signed: ConsentTerms): Promise<void> => {
    const commitment = await grant(signed, nameOf(signed.grantee))
    if (commitment !== undefined) tell.mutate(commitment)
  }
  if (terms !== undefined) {
    return (
      <Page title={reviewTitle} eyebrow="Step 2 of 2">
        <ConsentReview
          terms={terms}
          isChange={replaces !== undefined}
          state={transaction.state}
          onSign={() => void sign(terms)}
          onBack={() => {
            transaction.clear()
            setTerms(undefined)
          }}
        />
        {tell.isError && <ProblemNotice problem={problemOf(tell.error)} onRetry={() => tell.mutate(tell.variables)} />}
      </Page>
    )
  }
  return (
    <Page
      title={title}
      eyebrow={
        <>
          <TextLink to="/patient/consents">Your consents</TextLink> · Step 1 of 2
        </>
      }
      lead={lead}
    >
      <ConsentForm draft={draft} onChange={setDraft} onReview={setTerms} />
    </Page>
  )
}
