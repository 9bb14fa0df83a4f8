import { hospitalRecordsSchema, type RecordId } from '@medsync/protocol'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { HospitalRecord } from '../hospitalRecords/useHospitalRecords.ts'
import { callAllPages } from '../session/callGateway.ts'

/** GET /hospital/records, all of them: cases name their record only. */
export const allRecordsQuery = queryOptions({
  queryKey: ['mine', 'hospital-records', 'all'],
  staleTime: 5 * 60_000,
  queryFn: ({ signal }) => callAllPages({ path: '/hospital/records', answer: hospitalRecordsSchema, signal }),
})

/** Finds a record of the own hospital by its id; undefined while the list is on its way, or when it is not in it. */
export function useRecordOf(): (record: RecordId) => HospitalRecord | undefined {
  const { data } = useQuery(allRecordsQuery)
  const byId = useMemo(() => new Map((data ?? []).map((record) => [record.record, record])), [data])
  return (record) => byId.get(record)
}
