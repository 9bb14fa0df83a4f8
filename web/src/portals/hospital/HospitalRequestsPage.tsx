import { useQuery } from '@tanstack/react-query'
import { Inbox } from 'lucide-react'
import type { JSX } from 'react'
import { JournalList } from '../../features/journal/JournalList.tsx'
import { problemOf } from '../../features/problem/problemOf.ts'
import { ParkedRequests } from '../../features/requests/ParkedRequests.tsx'
import { RequestCard } from '../../features/requests/RequestCard.tsx'
import { hospitalRequestsQuery, newestFirst } from '../../features/requests/useRequests.ts'
import { CardList } from '../../ui/CardList.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import styles from './hospital.module.css'

/** What the hospital was asked and how it answered, as it happens. */
export function HospitalRequestsPage(): JSX.Element {
  const requests = useQuery(hospitalRequestsQuery)
  return (
    <Page
      title="Requests and journal"
      lead="Requests are answered by themselves: the consent is looked up on the chain at that moment, and only what it covers leaves. You only decide on requests that the gateway could not answer; they stand at the top."
    >
      <section className={styles.stack} aria-label="Requests">
        {requests.isPending && <ListSkeleton what="the requests" heightPx={150} />}
        {requests.isError && <ProblemNotice problem={problemOf(requests.error)} onRetry={() => void requests.refetch()} />}
        {requests.data?.length === 0 && (
          <EmptyState icon={Inbox} title="Nobody has asked yet">
            When a research office asks for a patient’s data, the request and its answer appear here.
          </EmptyState>
        )}
        <ParkedRequests requests={requests.data ?? []} />
        <CardList label="Requests, newest first">
          {newestFirst(requests.data ?? [])
            .slice(0, 20)
            .map((request) => (
              <li key={request.digest}>
                <RequestCard
                  request={request}
                  title={request.request === null ? `Study ${request.study}` : `Request ${request.request}, study ${request.study}`}
                />
              </li>
            ))}
        </CardList>
      </section>
      <Panel title="Journal" note="What was decided, written down before anything left, and where it stands on the chain.">
        <JournalList />
      </Panel>
    </Page>
  )
}
