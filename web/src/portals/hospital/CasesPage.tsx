import { Button, SegmentedControl } from '@mantine/core'
import { CASE_STATUSES, type CaseStatus } from '@medsync/protocol'
import { useInfiniteQuery } from '@tanstack/react-query'
import { HeartPulse, Plus } from 'lucide-react'
import { type JSX, useState } from 'react'
import { CaseRow } from '../../features/cases/CaseRow.tsx'
import { STATUS_WORDS } from '../../features/cases/caseWords.ts'
import { LostCases } from '../../features/cases/LostCases.tsx'
import { RankButton } from '../../features/cases/RankButton.tsx'
import { RankingNote } from '../../features/cases/RankingNote.tsx'
import { casesQuery, lostOf } from '../../features/cases/useCases.ts'
import { problemOf } from '../../features/problem/problemOf.ts'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { Explained } from '../../ui/Explained.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import styles from './hospital.module.css'

type Shown = CaseStatus | 'all'
const FILTERS = [...CASE_STATUSES.map((status) => ({ value: status, label: STATUS_WORDS[status] })), { value: 'all', label: 'All' }]

/** The board: the hospital's cases in order of urgency, kept up to date by live events. */
export function CasesPage(): JSX.Element {
  const [shown, setShown] = useState<Shown>('waiting')
  const query = useInfiniteQuery(casesQuery(shown))
  const cases = query.data?.pages.flatMap(({ items }) => items) ?? []
  const add = <ButtonLink to="/hospital/cases/new">Add a case</ButtonLink>
  return (
    <Page
      title="Cases"
      lead="Who needs help first. Scores are computed here, from vital signs, laboratory values and notes, and stay at your hospital; a ranking uses shares of them."
      actions={
        <>
          <ButtonLink to="/hospital/cases/new" leftSection={<Plus size={18} aria-hidden="true" />}>
            Add a case
          </ButtonLink>
          <RankButton />
        </>
      }
    >
      <div className={styles.filter}>
        <SegmentedControl aria-label="Which cases" value={shown} onChange={(value) => setShown(shownOf(value))} data={FILTERS} />
      </div>
      <LostCases lost={lostOf(query.data)} />
      {query.isSuccess && <RankingNote ranking={query.data.pages[0]?.ranking ?? null} />}
      {query.isPending && <ListSkeleton what="the cases" heightPx={88} rows={4} />}
      {query.isError && <ProblemNotice problem={problemOf(query.error)} onRetry={() => void query.refetch()} />}
      {query.isSuccess && cases.length === 0 && (
        <EmptyState icon={HeartPulse} title={shown === 'waiting' ? 'Nobody is waiting' : 'No case is here'} action={add}>
          Add a case for a patient whose record is here; its urgency is scored at once.
        </EmptyState>
      )}
      {cases.length > 0 && (
        <Panel
          title={`${countOf(cases.length, 'case')}${query.hasNextPage ? ' and more' : ''}, the most urgent first`}
          note={
            <>
              A score orders this list; it is no diagnosis. A clinician’s decision stands above it.{' '}
              <Explained word="How it is made">
                From 0 to 100: NEWS2, the early warning score of the Royal College of Physicians, gives points to seven vital signs; some
                laboratory values and words in the notes add to it. What is not known never lowers it: such a case stands above every
                complete one of low risk.
              </Explained>
            </>
          }
        >
          <ol className={styles.rows} aria-label="Cases, the most urgent first">
            {cases.map((summary) => (
              <CaseRow key={summary.case} summary={summary} showsStatus={shown === 'all'} />
            ))}
          </ol>
          {query.hasNextPage && (
            <Button variant="default" mt="md" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              Load more cases
            </Button>
          )}
        </Panel>
      )}
    </Page>
  )
}

function shownOf(value: string): Shown {
  return CASE_STATUSES.find((status) => status === value) ?? 'all'
}
