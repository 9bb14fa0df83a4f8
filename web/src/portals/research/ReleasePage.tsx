import { Button } from '@mantine/core'
import { feltSchema } from '@medsync/protocol'
import { useQuery } from '@tanstack/react-query'
import { FileLock } from 'lucide-react'
import type { JSX } from 'react'
import { useParams } from 'react-router'
import { useOrganisationName } from '../../features/network/useNetwork.ts'
import { problemOf } from '../../features/problem/problemOf.ts'
import { ReleaseView } from '../../features/release/ReleaseView.tsx'
import { useRelease } from '../../features/release/useRelease.ts'
import { RequestCard } from '../../features/requests/RequestCard.tsx'
import { requestsQuery } from '../../features/requests/useRequests.ts'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { shortenId } from '../../ui/format/shortenId.ts'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { TextLink } from '../../ui/TextLink.tsx'

/** The data of one request: fetched, checked and opened in this browser. */
export function ReleasePage(): JSX.Element {
  const { digest } = useParams()
  const parsed = feltSchema.safeParse(digest ?? '')
  const requests = useQuery(requestsQuery)
  const request = requests.data?.find((each) => each.digest === parsed.data)
  const nameOf = useOrganisationName()
  if (requests.isPending) return <ListSkeleton what="the request" rows={1} heightPx={200} />
  if (requests.isError) return <ProblemNotice problem={problemOf(requests.error)} onRetry={() => void requests.refetch()} />
  if (parsed.data === undefined || request === undefined) {
    return (
      <Page title="Data of a request">
        <EmptyState icon={FileLock} title="There is no such request" action={<ButtonLink to="/research/requests">Requests</ButtonLink>}>
          It may belong to another office. Choose one from the list.
        </EmptyState>
      </Page>
    )
  }
  return (
    <Page title="Data of a request" eyebrow={<TextLink to="/research/requests">Requests</TextLink>}>
      <RequestCard request={request} title={`Study ${request.study}, ${nameOf(request.hospital)}`} />
      <Opening digest={parsed.data} isReady={request.progress === 'settled'} />
    </Page>
  )
}

function Opening({ digest, isReady }: { readonly digest: Parameters<typeof useRelease>[0]; readonly isReady: boolean }): JSX.Element {
  const release = useRelease(digest)
  if (!isReady) return <Notice>There is nothing to open: this request was not answered with data.</Notice>
  return (
    <>
      {release.data === undefined && (
        <div>
          <Button size="md" loading={release.isPending} onClick={() => release.mutate()}>
            Fetch and open the data
          </Button>
        </div>
      )}
      {release.isError && <ProblemNotice problem={problemOf(release.error)} onRetry={() => release.mutate()} />}
      {release.data !== undefined && (
        <>
          <Notice kind="good" title="Sealed data checked and opened">
            Its SHA-256 fingerprint ({shortenId(release.data.release.sha256)}) is the one that the hospital named. It was decrypted with
            your wallet’s key, in this browser.
          </Notice>
          <ReleaseView opened={release.data} name={`medsync-${shortenId(digest).replace('…', '-')}`} />
        </>
      )}
    </>
  )
}
