import { useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import { useParams } from 'react-router'
import { problemOf } from '../../features/problem/problemOf.ts'
import { studiesQuery } from '../../features/studies/useStudies.ts'
import { CountPanel } from '../../features/trials/CountPanel.tsx'
import { CriteriaForm } from '../../features/trials/CriteriaForm.tsx'
import { trialsQuery } from '../../features/trials/useTrials.ts'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { TextLink } from '../../ui/TextLink.tsx'

/** Whom one study looks for: the criteria, then the count. */
export function TrialPage(): JSX.Element {
  const params = useParams()
  const study = Number(params['study'])
  const studies = useQuery(studiesQuery)
  const trials = useQuery(trialsQuery)
  const trial = trials.data?.find((each) => each.study === study)
  const title = studies.data?.find((each) => each.study === study)?.details?.title ?? `Study ${study}`
  return (
    <Page title={`Whom “${title}” looks for`} eyebrow={<TextLink to="/research/trials">Trials</TextLink>}>
      {trials.isPending && <ListSkeleton what="the criteria" heightPx={160} rows={2} />}
      {trials.isError && <ProblemNotice problem={problemOf(trials.error)} onRetry={() => void trials.refetch()} />}
      {trials.isSuccess && (
        <>
          {trial !== undefined && <CountPanel trial={trial} />}
          <Panel title="Criteria" note="Who meets all of them fits. What a record does not say is unknown, and counts as not met.">
            <CriteriaForm key={study} study={study} trial={trial} />
          </Panel>
        </>
      )}
    </Page>
  )
}
