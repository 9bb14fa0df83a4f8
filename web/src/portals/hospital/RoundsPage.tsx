import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { ChartColumn, Users } from 'lucide-react'
import type { JSX } from 'react'
import { RankButton } from '../../features/cases/RankButton.tsx'
import { problemOf } from '../../features/problem/problemOf.ts'
import { RoundRow } from '../../features/rounds/RoundRow.tsx'
import { roundsQuery } from '../../features/rounds/useRounds.ts'
import { BudgetPanel } from '../../features/statistics/BudgetPanel.tsx'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import styles from './hospital.module.css'

/** What the hospitals compute together. */
export function RoundsPage(): JSX.Element {
  const query = useInfiniteQuery(roundsQuery)
  const rounds = query.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <Page
      title="Together"
      lead="Hospitals reckon with all their numbers and show each other none: each splits its own into shares, and only sums of shares are opened."
      actions={
        <>
          <ButtonLink to="/hospital/rounds/new" leftSection={<ChartColumn size={18} aria-hidden="true" />}>
            Ask for a statistic
          </ButtonLink>
          <RankButton />
        </>
      }
    >
      {query.isPending && <ListSkeleton what="the rounds" heightPx={72} />}
      {query.isError && <ProblemNotice problem={problemOf(query.error)} onRetry={() => void query.refetch()} />}
      {query.isSuccess && rounds.length === 0 && (
        <EmptyState icon={Users} title="No round yet" action={<ButtonLink to="/hospital/rounds/new">Ask for a statistic</ButtonLink>}>
          Ask all hospitals for a statistic, or rank the waiting cases of all. Your hospital takes part in the others’ rounds by itself.
        </EmptyState>
      )}
      {rounds.length > 0 && (
        <Panel title="Rounds" note="The newest first. Your hospital takes part by itself.">
          <ul className={styles.rows} aria-label="Rounds, the newest first">
            {rounds.map((round) => (
              <RoundRow key={round.round} round={round} />
            ))}
          </ul>
          {query.hasNextPage && (
            <Button variant="default" mt="md" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              Load more rounds
            </Button>
          )}
        </Panel>
      )}
      <BudgetPanel />
    </Page>
  )
}
