import { HandHeart } from 'lucide-react'
import { type JSX, useState } from 'react'
import { useParams } from 'react-router'
import { draftOfTerms } from '../../features/consents/consentDraft.ts'
import { type ConsentView, useConsents } from '../../features/consents/useConsents.ts'
import { problemOf } from '../../features/problem/problemOf.ts'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { ConsentSteps } from './ConsentSteps.tsx'

/** Change a consent: the new one takes the old one's place in one step. */
export function ChangeConsentPage(): JSX.Element {
  const { commitment } = useParams()
  const { views, error, retry } = useConsents()
  // A change that is under way makes the old one inactive while its page is still open.
  const [first, setFirst] = useState<ConsentView>()
  const found = views?.find(({ consent }) => consent.commitment === commitment)
  if (first === undefined && found?.standing === 'active') setFirst(found)
  if (first !== undefined) {
    return (
      <ConsentSteps
        start={() => draftOfTerms(first.consent.terms)}
        replaces={first.consent.commitment}
        title="Change a consent"
        lead="A new consent takes the place of the old one in a single step: there is no moment with both or neither."
        reviewTitle="Review the change"
      />
    )
  }
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
