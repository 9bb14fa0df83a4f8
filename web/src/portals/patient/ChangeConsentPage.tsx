import type { ConsentTerms } from '@medsync/protocol'
import { HandHeart } from 'lucide-react'
import { type JSX, useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { ConsentForm } from '../../features/consents/ConsentForm.tsx'
import { ConsentReview } from '../../features/consents/ConsentReview.tsx'
import { draftOfTerms } from '../../features/consents/consentDraft.ts'
import { type ConsentView, useConsents } from '../../features/consents/useConsents.ts'
import { useGrantConsent } from '../../features/consents/useGrantConsent.ts'
import { useOrganisationName } from '../../features/network/useNetwork.ts'
import { problemOf } from '../../features/problem/problemOf.ts'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { TextLink } from '../../ui/TextLink.tsx'

/** Change a consent: the new one takes the old one's place in one step. */
export function ChangeConsentPage(): JSX.Element {
  const { commitment } = useParams()
  const { views, error, retry } = useConsents()
  // A change that is under way makes the old one inactive while its page is still open.
  const [first, setFirst] = useState<ConsentView>()
  const found = views?.find(({ consent }) => consent.commitment === commitment)
  if (first === undefined && found?.standing === 'active') setFirst(found)
  if (first !== undefined) return <Change view={first} />
  if (error) return <ProblemNotice problem={problemOf(error)} onRetry={retry} />
  if (views === undefined) return <ListSkeleton what="the consent" />
  return (
    <Page title="Change a consent">
      <EmptyState
        icon={HandHeart}
        title="This consent is not in force"
        action={<ButtonLink to="/patient/consents">Your consents</ButtonLink>}
      >
        Only a consent in force can be changed. Give a new one instead.
      </EmptyState>
    </Page>
  )
}

function Change({ view }: { readonly view: ConsentView }): JSX.Element {
  const [draft, setDraft] = useState(() => draftOfTerms(view.consent.terms))
  const [terms, setTerms] = useState<ConsentTerms>()
  const { transaction, grant } = useGrantConsent(view.consent.commitment)
  const nameOf = useOrganisationName()
  const navigate = useNavigate()
  const sign = async (signed: ConsentTerms): Promise<void> => {
    if (await grant(signed, nameOf(signed.grantee))) await navigate('/patient/consents')
  }
  if (terms !== undefined) {
    return (
      <Page title="Review the change" eyebrow="Step 2 of 2">
        <ConsentReview
          terms={terms}
          isChange
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
      title="Change a consent"
      eyebrow={
        <>
          <TextLink to="/patient/consents">Your consents</TextLink> · Step 1 of 2
        </>
      }
      lead="A new consent takes the place of the old one in a single step: there is no moment with both or neither."
    >
      <ConsentForm draft={draft} onChange={setDraft} onReview={setTerms} />
    </Page>
  )
}
