import { useQuery } from '@tanstack/react-query'
import { FlaskConical } from 'lucide-react'
import type { JSX } from 'react'
import { problemOf } from '../../features/problem/problemOf.ts'
import { studiesQuery } from '../../features/studies/useStudies.ts'
import { TrialCard } from '../../features/trials/TrialCard.tsx'
import { trialsQuery, withTrials } from '../../features/trials/useTrials.ts'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { CardList } from '../../ui/CardList.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'

/** Whom the office's studies look for, and how many there are. */
export function TrialsPage(): JSX.Element {
  const studies = useQuery(studiesQuery)
  const trials = useQuery(trialsQuery)
  const error = studies.error ?? trials.error
  const shown = studies.data === undefined || trials.data === undefined ? undefined : withTrials(studies.data, trials.data)
  return (
    <Page
      title="Trials"
      lead="Say whom a study looks for. Hospitals compare it with their own records, tell how many there are in all, and invite those who fit."
    >
      {error !== null && (
        <ProblemNotice problem={problemOf(error)} onRetry={() => void Promise.all([studies.refetch(), trials.refetch()])} />
      )}
      {error === null && shown === undefined && <ListSkeleton what="the trials" heightPx={130} rows={2} />}
      {shown?.length === 0 && (
        <EmptyState icon={FlaskConical} title="No study is open" action={<ButtonLink to="/research/studies/new">Open a study</ButtonLink>}>
          Criteria belong to a study. Open and fund one; then say here whom it looks for.
        </EmptyState>
      )}
      <CardList label="Studies and whom they look for">
        {shown?.map(({ study, trial }) => (
          <li key={study.study}>
            <TrialCard study={study} trial={trial} />
          </li>
        ))}
      </CardList>
    </Page>
  )
}
