import type { ConsentTerms } from '@medsync/protocol'
import { type JSX, useState } from 'react'
import { useNavigate } from 'react-router'
import { ConsentForm } from '../../features/consents/ConsentForm.tsx'
import { ConsentReview } from '../../features/consents/ConsentReview.tsx'
import { newConsentDraft } from '../../features/consents/consentDraft.ts'
import { useGrantConsent } from '../../features/consents/useGrantConsent.ts'
import { useOrganisationName } from '../../features/network/useNetwork.ts'
import { Page } from '../../ui/layout/Page.tsx'
import { TextLink } from '../../ui/TextLink.tsx'

/** Give a consent: choose, read once more, sign. */
export function NewConsentPage(): JSX.Element {
  const [draft, setDraft] = useState(() => newConsentDraft(Math.floor(Date.now() / 1000)))
  const [terms, setTerms] = useState<ConsentTerms>()
  const { transaction, grant } = useGrantConsent()
  const nameOf = useOrganisationName()
  const navigate = useNavigate()
  const sign = async (signed: ConsentTerms): Promise<void> => {
    if (await grant(signed, nameOf(signed.grantee))) await navigate('/patient/consents')
  }
  if (terms !== undefined) {
    return (
      <Page title="Review your consent" eyebrow="Step 2 of 2">
        <ConsentReview
          terms={terms}
          isChange={false}
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
      title="Give a consent"
      eyebrow={
        <>
          <TextLink to="/patient/consents">Your consents</TextLink> · Step 1 of 2
        </>
      }
      lead="We chose what most health research needs. Take away what you do not want to share; nothing is signed before you have read it once more."
    >
      <ConsentForm draft={draft} onChange={setDraft} onReview={setTerms} />
    </Page>
  )
}
