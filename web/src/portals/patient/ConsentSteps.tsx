import type { Commitment, ConsentTerms } from '@medsync/protocol'
import { type JSX, useState } from 'react'
import { useNavigate } from 'react-router'
import { ConsentForm } from '../../features/consents/ConsentForm.tsx'
import { ConsentReview } from '../../features/consents/ConsentReview.tsx'
import type { ConsentDraft } from '../../features/consents/consentDraft.ts'
import { useGrantConsent } from '../../features/consents/useGrantConsent.ts'
import { useOrganisationName } from '../../features/network/useNetwork.ts'
import { Page } from '../../ui/layout/Page.tsx'
import { TextLink } from '../../ui/TextLink.tsx'

export type ConsentStepsProps = {
  /** What the form shows first; made once. */
  readonly start: () => ConsentDraft
  /** Consent that the new one takes the place of, when it does. */
  readonly replaces?: Commitment
  readonly title: string
  readonly lead: string
  readonly reviewTitle: string
}

/** The two steps of every consent: choose, then read once more and sign. */
export function ConsentSteps({ start, replaces, title, lead, reviewTitle }: ConsentStepsProps): JSX.Element {
  const [draft, setDraft] = useState(start)
  const [terms, setTerms] = useState<ConsentTerms>()
  const { transaction, grant } = useGrantConsent(replaces)
  const nameOf = useOrganisationName()
  const navigate = useNavigate()
  const sign = async (signed: ConsentTerms): Promise<void> => {
    if (await grant(signed, nameOf(signed.grantee))) await navigate('/patient/consents')
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
