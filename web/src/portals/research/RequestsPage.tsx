import type { RequestView, StudyView } from '@medsync/protocol'
import { useQuery } from '@tanstack/react-query'
import { Inbox } from 'lucide-react'
import type { JSX } from 'react'
import { loadChain } from '../../features/chain/loadChain.ts'
import { useNetwork, useOrganisationName } from '../../features/network/useNetwork.ts'
import { useTokenOf } from '../../features/network/useToken.ts'
import { problemOf } from '../../features/problem/problemOf.ts'
import { AskAgain } from '../../features/requests/AskAgain.tsx'
import { RequestCard } from '../../features/requests/RequestCard.tsx'
import { newestFirst, requestsQuery } from '../../features/requests/useRequests.ts'
import { studiesQuery } from '../../features/studies/useStudies.ts'
import { TransactionButton } from '../../features/transactions/TransactionButton.tsx'
import { TransactionStatus } from '../../features/transactions/TransactionStatus.tsx'
import { useTransaction } from '../../features/transactions/useTransaction.ts'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { CardList } from '../../ui/CardList.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { useNowS } from '../../ui/useNowS.ts'

/** The office's requests, as they go on. */
export function RequestsPage(): JSX.Element {
  const requests = useQuery(requestsQuery)
  const studies = useQuery(studiesQuery)
  return (
    <Page
      title="Requests"
      lead="Each request is answered by the hospital within the patient’s consent, or refused. Follow it here; it changes by itself."
      actions={
        <ButtonLink variant="default" to="/research/consents">
          Request more
        </ButtonLink>
      }
    >
      {requests.isPending && <ListSkeleton what="the requests" heightPx={170} />}
      {requests.isError && <ProblemNotice problem={problemOf(requests.error)} onRetry={() => void requests.refetch()} />}
      {requests.data?.length === 0 && (
        <EmptyState
          icon={Inbox}
          title="Nothing has been requested yet"
          action={<ButtonLink to="/research/consents">See the consents</ButtonLink>}
        >
          Choose patients who gave your office a consent, and ask their hospitals.
        </EmptyState>
      )}
      <CardList label="Requests, newest first">
        {newestFirst(requests.data ?? []).map((request) => (
          <li key={request.digest}>
            <Request request={request} study={studies.data?.find(({ study }) => study === request.study)} />
          </li>
        ))}
      </CardList>
    </Page>
  )
}

function Request({ request, study }: { readonly request: RequestView; readonly study: StudyView | undefined }): JSX.Element {
  const nameOf = useOrganisationName()
  const tokenOf = useTokenOf()
  const nowS = useNowS()
  const title = `${study?.details?.title ?? `Study ${request.study}`}, ${nameOf(request.hospital)}`
  const isEnded = ['settled', 'refused', 'expired'].includes(request.progress)
  const isOverdue = request.progress === 'open' && request.expiresAtS !== null && request.expiresAtS <= nowS
  return (
    <RequestCard request={request} title={title} token={study === undefined ? undefined : tokenOf(study.token)}>
      {request.progress === 'settled' && (
        <div>
          <ButtonLink to={`/research/requests/${request.digest}`}>Open the data</ButtonLink>
        </div>
      )}
      {isOverdue && <Expire request={request} />}
      {isEnded && study !== undefined && nowS < study.deadlineS && <AskAgain request={request} />}
    </RequestCard>
  )
}

function Expire({ request }: { readonly request: RequestView }): JSX.Element {
  const network = useNetwork()
  const transaction = useTransaction(`expire:${request.digest}`)
  const id = request.request
  const start = (): void => {
    if (id !== null)
      void transaction.run('Take the price of an unanswered request back', async () =>
        (await loadChain()).expireRequestCalls(network, { request: id }),
      )
  }
  return (
    <div>
      <TransactionButton variant="default" state={transaction.state} pending="Taking back…" onClick={start}>
        The hospital’s time is over: take the price back
      </TransactionButton>
      <TransactionStatus state={transaction.state} />
    </div>
  )
}
