import { Button, TextInput } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { FileStack, Search, Upload } from 'lucide-react'
import { type JSX, useState } from 'react'
import { RecordRow } from '../../features/hospitalRecords/RecordRow.tsx'
import { hospitalRecordsQuery, searchRecords } from '../../features/hospitalRecords/useHospitalRecords.ts'
import { problemOf } from '../../features/problem/problemOf.ts'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import styles from './hospital.module.css'

/** The hospital's records: find one, give its patient a code, end a link that went wrong. */
export function HospitalRecordsPage(): JSX.Element {
  const query = useInfiniteQuery(hospitalRecordsQuery)
  const [search, setSearch] = useState('')
  const records = query.data?.pages.flatMap(({ items }) => items) ?? []
  const found = searchRecords(records, search)
  return (
    <Page
      title="Records"
      lead="Give a patient a one-time code, and they can link their record to their account. Names are read for your staff alone."
      actions={
        <ButtonLink to="/hospital/upload" leftSection={<Upload size={18} aria-hidden="true" />}>
          Upload
        </ButtonLink>
      }
    >
      {query.isPending && <ListSkeleton what="the records" heightPx={72} />}
      {query.isError && <ProblemNotice problem={problemOf(query.error)} onRetry={() => void query.refetch()} />}
      {query.isSuccess && records.length === 0 && (
        <EmptyState icon={FileStack} title="No record is here yet" action={<ButtonLink to="/hospital/upload">Upload records</ButtonLink>}>
          Upload a FHIR R4 Bundle; it stays with your hospital.
        </EmptyState>
      )}
      {records.length > 0 && (
        <Panel title={query.hasNextPage ? `The newest ${countOf(records.length, 'record')}` : countOf(records.length, 'record')}>
          <TextInput
            className={styles.search ?? ''}
            label="Search by name or birth date"
            leftSection={<Search size={17} aria-hidden="true" />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <ul className={styles.rows} aria-label="Records">
            {found.map((record) => (
              <RecordRow key={record.record} record={record} />
            ))}
          </ul>
          {found.length === 0 && (
            <p className={styles.none} role="status">
              None of the {countOf(records.length, 'record')} loaded here fits that.
              {query.hasNextPage && ' Load more below, then search again.'}
            </p>
          )}
          {query.hasNextPage && (
            <Button variant="default" mt="md" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              Load more records
            </Button>
          )}
        </Panel>
      )}
    </Page>
  )
}
