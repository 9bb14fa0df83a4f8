import { useQuery } from '@tanstack/react-query'
import { FlaskConical } from 'lucide-react'
import type { JSX } from 'react'
import { problemOf } from '../../features/problem/problemOf.ts'
import { MatchesPanel } from '../../features/trials/MatchesPanel.tsx'
import { hospitalTrialsQuery } from '../../features/trials/useTrials.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'

/** Studies that look for people, against the hospital's own records. */
export function HospitalTrialsPage(): JSX.Element {
  const trials = useQuery(hospitalTrialsQuery)
  return (
    <Page
      title="Trials"
      lead="Studies that look for people. Their criteria are compared with your records here; you decide which of your patients to invite."
    >
      {trials.isPending && <ListSkeleton what="the trials" heightPx={180} rows={2} />}
      {trials.isError && <ProblemNotice problem={problemOf(trials.error)} onRetry={() => void trials.refetch()} />}
      {trials.data?.length === 0 && (
        <EmptyState icon={FlaskConical} title="No study has asked yet">
          When a research office asks the hospitals how many people fit its study, the study appears here.
        </EmptyState>
      )}
      {trials.data?.map((trial) => (
        <MatchesPanel key={trial.study} trial={trial} />
      ))}
    </Page>
  )
}
