import { useQuery } from '@tanstack/react-query'
import { FileHeart } from 'lucide-react'
import type { JSX } from 'react'
import { LinkRecordForm } from '../../features/enrolment/LinkRecordForm.tsx'
import { OtherHospitals } from '../../features/hospitals/OtherHospitals.tsx'
import { problemOf } from '../../features/problem/problemOf.ts'
import { RecordCard } from '../../features/records/RecordCard.tsx'
import { recordsQuery } from '../../features/records/useRecords.ts'
import { CardList } from '../../ui/CardList.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'

/** The records linked to this account, and the place to link another. */
export function RecordsPage(): JSX.Element {
  const records = useQuery(recordsQuery)
  return (
    <Page title="Your records" lead="A record stays at its hospital. Linking it to your account lets you decide who may use it.">
      <Panel title="Link a record">
        <LinkRecordForm />
      </Panel>
      {records.isPending && <ListSkeleton what="your records" heightPx={220} rows={1} />}
      {records.isError && <ProblemNotice problem={problemOf(records.error)} onRetry={() => void records.refetch()} />}
      {records.data?.length === 0 && (
        <EmptyState icon={FileHeart} title="No record is linked yet">
          Ask your hospital for a one-time code and enter it above. The hospital’s staff makes one on their page “Records”.
        </EmptyState>
      )}
      <CardList label="Your records">
        {records.data?.map((record) => (
          <li key={record.record}>
            <RecordCard record={record} />
          </li>
        ))}
      </CardList>
      <OtherHospitals />
    </Page>
  )
}
