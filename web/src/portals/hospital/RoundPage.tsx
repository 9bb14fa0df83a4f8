import { useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import { useParams } from 'react-router'
import { problemOf } from '../../features/problem/problemOf.ts'
import { RoundView } from '../../features/rounds/RoundView.tsx'
import { roundQuery } from '../../features/rounds/useRounds.ts'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { TextLink } from '../../ui/TextLink.tsx'

/** One round in which hospitals compute together. */
export function RoundPage(): JSX.Element {
  const { round = '' } = useParams()
  const query = useQuery(roundQuery(round))
  if (query.data !== undefined) return <RoundView round={query.data} />
  return (
    <Page title="A round" eyebrow={<TextLink to="/hospital/rounds">Together</TextLink>}>
      {query.isPending && <ListSkeleton what="the round" heightPx={180} />}
      {query.isError && <ProblemNotice problem={problemOf(query.error)} onRetry={() => void query.refetch()} />}
    </Page>
  )
}
