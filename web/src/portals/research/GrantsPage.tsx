import { useQuery } from '@tanstack/react-query'
import { HandHeart } from 'lucide-react'
import type { JSX } from 'react'
import { problemOf } from '../../features/problem/problemOf.ts'
import { RequestBuilder } from '../../features/requests/RequestBuilder.tsx'
import { grantsQuery } from '../../features/requests/useGrants.ts'
import { studiesQuery } from '../../features/studies/useStudies.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'

/** Consents that patients gave to the office, and the requests that can be made under them. */
export function GrantsPage(): JSX.Element {
  const grants = useQuery(grantsQuery)
  const studies = useQuery(studiesQuery)
  const error = grants.error ?? studies.error
  return (
    <Page
      title="Consents to your office"
      lead="Patients who agreed that your office may use their data. Choose a study, choose whom to ask, and the price of each access is held until the hospital has answered."
    >
      {error !== null && (
        <ProblemNotice
          problem={problemOf(error)}
          onRetry={() => {
            void grants.refetch()
            void studies.refetch()
          }}
        />
      )}
      {(grants.isPending || studies.isPending) && error === null && <ListSkeleton what="the consents" heightPx={140} />}
      {grants.data?.length === 0 && (
        <EmptyState icon={HandHeart} title="No patient has given your office a consent yet">
          When one does, it appears here by itself. A patient gives it in the patient portal, to your office by name.
        </EmptyState>
      )}
      {grants.data !== undefined && grants.data.length > 0 && studies.data !== undefined && (
        <RequestBuilder grants={grants.data} studies={studies.data} />
      )}
    </Page>
  )
}
