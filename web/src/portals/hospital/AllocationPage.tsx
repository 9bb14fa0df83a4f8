import { Button } from '@mantine/core'
import { errorWords, isErrorCode } from '@medsync/protocol'
import { useQuery } from '@tanstack/react-query'
import { CalendarClock } from 'lucide-react'
import type { JSX } from 'react'
import { IncomingList } from '../../features/allocation/IncomingList.tsx'
import { PlaceGroups } from '../../features/allocation/PlaceGroups.tsx'
import { PublishedOrder } from '../../features/allocation/PublishedOrder.tsx'
import { allocationQuery, useAllocationDeed } from '../../features/allocation/useAllocation.ts'
import { WhatIsLacking } from '../../features/allocation/WhatIsLacking.tsx'
import { listWords } from '../../features/consents/termsInWords.ts'
import { useOrganisationName } from '../../features/network/useNetwork.ts'
import { problemOf } from '../../features/problem/problemOf.ts'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { Moment } from '../../ui/Moment.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'

/** Which case is offered which place, across all hospitals. */
export function AllocationPage(): JSX.Element {
  const board = useQuery(allocationQuery)
  const run = useAllocationDeed()
  const nameOf = useOrganisationName()
  const data = board.data
  return (
    <Page
      title="Places"
      lead="The most urgent case of all hospitals gets the nearest fitting place first, then the next. Hospitals see ranks and pseudonyms, never scores."
      actions={
        <>
          <Button
            variant="default"
            loading={run.isPending}
            onClick={() => run.mutate({ path: '/hospital/allocation/runs', method: 'POST', body: {} })}
          >
            Allocate now
          </Button>
          <ButtonLink to="/hospital/places/supply" variant="default">
            Facilities and specialists
          </ButtonLink>
        </>
      }
    >
      {run.isError && <ProblemNotice problem={problemOf(run.error)} />}
      {board.isPending && <ListSkeleton what="the places" heightPx={150} />}
      {board.isError && <ProblemNotice problem={problemOf(board.error)} onRetry={() => void board.refetch()} />}
      {data?.isRunning && <Notice>An allocation is under way. This page shows it as soon as it is there.</Notice>}
      {data !== undefined && data.doubt !== null && (
        <Notice kind="warning" title="The last allocation cannot be believed; the one before stands">
          {isErrorCode(data.doubt.code) ? errorWords[data.doubt.code].what : data.doubt.code}
          {data.doubt.organisations.length > 0 && ` It is about ${listWords(data.doubt.organisations.map(nameOf))}.`}
        </Notice>
      )}
      {data?.cases.length === 0 && (
        <EmptyState icon={CalendarClock} title="No case needs a place" action={<ButtonLink to="/hospital/cases">To the cases</ButtonLink>}>
          Cases that wait, and are ranked with the other hospitals, are offered places here.
        </EmptyState>
      )}
      {data !== undefined && <WhatIsLacking cases={data.cases} />}
      {data !== undefined && <PlaceGroups cases={data.cases} />}
      {data !== undefined && data.incoming.length > 0 && (
        <Panel title="Coming to your specialists">
          <IncomingList incoming={data.incoming} own={data.cases} />
        </Panel>
      )}
      {data !== undefined && data.allocatedAtS !== null && (
        <Panel
          title="The allocation"
          quiet
          note={
            <>
              Made <Moment timeS={data.allocatedAtS} as="distance" />, with the cases and specialists of{' '}
              {listWords(data.counted.map(nameOf))}.
            </>
          }
        >
          <PublishedOrder published={data.published} own={new Set(data.cases.map(({ pseudonym }) => pseudonym))} />
        </Panel>
      )}
    </Page>
  )
}
