import { useQuery } from '@tanstack/react-query'
import { FlaskConical, Plus } from 'lucide-react'
import type { JSX } from 'react'
import { problemOf } from '../../features/problem/problemOf.ts'
import { OwedPanel } from '../../features/rewards/OwedPanel.tsx'
import { useOwed } from '../../features/rewards/useOwed.ts'
import { useSession } from '../../features/session/useSession.ts'
import { StudyCard } from '../../features/studies/StudyCard.tsx'
import { studiesQuery } from '../../features/studies/useStudies.ts'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { CardList } from '../../ui/CardList.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'

/** The studies of the own office. */
export function StudiesPage(): JSX.Element {
  const studies = useQuery(studiesQuery)
  const { account } = useSession()
  const owed = useOwed({ account })
  return (
    <Page
      title="Studies"
      lead="A study makes a public offer and holds its money on the chain. Patients and hospitals are paid from it, access by access."
      actions={
        <ButtonLink to="/research/studies/new" leftSection={<Plus size={18} aria-hidden="true" />}>
          Open a study
        </ButtonLink>
      }
    >
      {studies.isPending && <ListSkeleton what="the studies" heightPx={220} rows={2} />}
      {studies.isError && <ProblemNotice problem={problemOf(studies.error)} onRetry={() => void studies.refetch()} />}
      {studies.data?.length === 0 && (
        <EmptyState
          icon={FlaskConical}
          title="Your office has no study yet"
          action={<ButtonLink to="/research/studies/new">Open a study</ButtonLink>}
        >
          Open and fund one; then you can ask for data that patients agreed to share.
        </EmptyState>
      )}
      {owed.data?.some(({ amount }) => amount > 0n) && (
        <OwedPanel claimant={{ account }} note="What came back to your account from studies that were closed." />
      )}
      <CardList label="Studies">
        {studies.data
          ?.toSorted((one, other) => other.study - one.study)
          .map((study) => (
            <li key={study.study}>
              <StudyCard study={study} />
            </li>
          ))}
      </CardList>
    </Page>
  )
}
