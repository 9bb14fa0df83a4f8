import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import { useParams } from 'react-router'
import { recordQuery, versionsQuery } from '../../features/hospitalRecords/useHospitalRecords.ts'
import { VersionRow } from '../../features/hospitalRecords/VersionRow.tsx'
import { problemOf } from '../../features/problem/problemOf.ts'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { TextLink } from '../../ui/TextLink.tsx'
import styles from './hospital.module.css'

/** The versions of one record: who stored what and when; an earlier one can be restored. */
export function RecordVersionsPage(): JSX.Element {
  const { record = '' } = useParams()
  const found = useQuery(recordQuery(record))
  const query = useInfiniteQuery(versionsQuery(record))
  const versions = query.data?.pages.flatMap(({ items }) => items) ?? []
  const isComplete = query.data?.pages.every((page) => page.isComplete) ?? true
  return (
    <Page
      title={found.data === undefined || found.data.name === '' ? 'Versions of a record' : `Versions of ${found.data.name}’s record`}
      eyebrow={<TextLink to="/hospital/records">Records</TextLink>}
      lead="Every upload with other content makes a new version. Consents, requests, cases and statistics use the current one only. The newest 50 keep their content, up to 256 MB."
    >
      {query.isPending && <ListSkeleton what="the versions" heightPx={96} />}
      {query.isError && <ProblemNotice problem={problemOf(query.error)} onRetry={() => void query.refetch()} />}
      {!isComplete && (
        <Notice kind="problem" title="The list of versions is not complete">
          An entry is missing or was changed outside MedSync. Tell whoever runs your gateway’s database, and compare the record with the
          source system.
        </Notice>
      )}
      {versions.length > 0 && (
        <Panel title="Versions, newest first">
          <ul className={styles.rows} aria-label="Versions">
            {versions.map((version) => (
              <VersionRow key={version.version} record={record} version={version} currentVersion={found.data?.version} />
            ))}
          </ul>
          {query.hasNextPage && (
            <Button variant="default" mt="md" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              Load older versions
            </Button>
          )}
        </Panel>
      )}
    </Page>
  )
}
