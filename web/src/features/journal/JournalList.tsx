import { Button } from '@mantine/core'
import { type JournalRow, journalSchema } from '@medsync/protocol'
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query'
import { NotebookPen } from 'lucide-react'
import type { JSX } from 'react'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { shortenId } from '../../ui/format/shortenId.ts'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Moment } from '../../ui/Moment.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { StatusPill, type StatusTone } from '../../ui/StatusPill.tsx'
import { decisionWords } from '../accesses/decisionWords.ts'
import { categoryWords, listWords } from '../consents/termsInWords.ts'
import { useOrganisationName } from '../network/useNetwork.ts'
import { problemOf } from '../problem/problemOf.ts'
import { callGateway } from '../session/callGateway.ts'
import { TransactionLink } from '../transactions/TransactionLink.tsx'
import styles from './JournalList.module.css'

const PAGE = 30

/** GET /hospital/journal, page by page, newest first. */
const journalQuery = infiniteQueryOptions({
  queryKey: ['mine', 'journal'],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam, signal }) => {
    const after = pageParam === null ? '' : `&after=${encodeURIComponent(pageParam)}`
    return callGateway({ path: `/hospital/journal?limit=${PAGE}${after}`, answer: journalSchema, signal })
  },
  getNextPageParam: (page) => page.next,
})

const states: Record<JournalRow['state'], readonly [StatusTone, string]> = {
  intended: ['waiting', 'Being written to the chain'],
  logged: ['good', 'On the chain'],
  abandoned: ['rest', 'Given up, nothing left'],
}

const disputes: Record<NonNullable<JournalRow['dispute']>, readonly [StatusTone, string]> = {
  open: ['waiting', 'Disputed by the patient'],
  upheld: ['bad', 'Dispute upheld'],
  rejected: ['good', 'Dispute rejected'],
}

/** What the hospital decided, written down before anything left, with its place on the chain. */
export function JournalList(): JSX.Element {
  const journal = useInfiniteQuery(journalQuery)
  const rows = journal.data?.pages.flatMap(({ items }) => items) ?? []
  if (journal.isPending) return <ListSkeleton what="the journal" heightPx={64} />
  if (journal.isError) return <ProblemNotice problem={problemOf(journal.error)} onRetry={() => void journal.refetch()} />
  if (rows.length === 0) {
    return (
      <EmptyState icon={NotebookPen} title="Nothing has been decided yet">
        Each decision is written here before anything leaves the hospital.
      </EmptyState>
    )
  }
  return (
    <>
      <ul className={styles.rows}>
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ul>
      {journal.hasNextPage && (
        <Button variant="default" loading={journal.isFetchingNextPage} onClick={() => void journal.fetchNextPage()}>
          Show older entries
        </Button>
      )}
    </>
  )
}

function Row({ row: { details, state, writtenAtS, transaction, dispute } }: { readonly row: JournalRow }): JSX.Element {
  const nameOf = useOrganisationName()
  const [tone, words] = states[state]
  const isAccess = details.kind === 'access'
  return (
    <li className={styles.row} data-journal={details.kind}>
      <p className={styles.title}>
        {isAccess ? 'Released to' : 'Refused to'} {nameOf(details.grantee)}, study {details.study}
      </p>
      {dispute === null ? (
        <StatusPill tone={tone}>{words}</StatusPill>
      ) : (
        <StatusPill tone={disputes[dispute][0]}>{disputes[dispute][1]}</StatusPill>
      )}
      <p className={styles.note}>
        <Moment timeS={writtenAtS} />. Patient {shortenId(details.patient)}.{' '}
        {isAccess
          ? `${countOf(details.resourceCount, 'resource')}: ${listWords(details.categories.map(categoryWords))}.`
          : decisionWords(details.decision)}{' '}
        {transaction !== null && <TransactionLink hash={transaction} />}
      </p>
    </li>
  )
}
