import { useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import { useParams } from 'react-router'
import { CaseView } from '../../features/cases/CaseView.tsx'
import { caseQuery } from '../../features/cases/useCases.ts'
import { problemOf } from '../../features/problem/problemOf.ts'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { TextLink } from '../../ui/TextLink.tsx'

/** One case, with all that its score stands on. */
export function CasePage(): JSX.Element {
  const { case: caseId = '' } = useParams()
  const query = useQuery(caseQuery(caseId))
  if (query.data !== undefined) return <CaseView detail={query.data} />
  return (
    <Page title="A case" eyebrow={<TextLink to="/hospital/cases">Cases</TextLink>}>
      {query.isPending && <ListSkeleton what="the case" heightPx={180} />}
      {query.isError && <ProblemNotice problem={problemOf(query.error)} onRetry={() => void query.refetch()} />}
    </Page>
  )
}
