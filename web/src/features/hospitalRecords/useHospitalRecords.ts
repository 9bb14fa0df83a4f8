import { hospitalRecordSchema, hospitalRecordsSchema, recordVersionsSchema } from '@medsync/protocol'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type * as z from 'zod'
import { callAllPages, callGateway } from '../session/callGateway.ts'

export type HospitalRecord = z.output<typeof hospitalRecordsSchema>['items'][number]

const PAGE = 50

/** GET /hospital/records, page by page, newest upload first. */
export const hospitalRecordsQuery = infiniteQueryOptions({
  queryKey: ['mine', 'hospital-records'],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam, signal }) => {
    const after = pageParam === null ? '' : `&after=${encodeURIComponent(pageParam)}`
    return callGateway({ path: `/hospital/records?limit=${PAGE}${after}`, answer: hospitalRecordsSchema, signal })
  },
  getNextPageParam: (page) => page.next,
})

/** GET /hospital/records/:record. */
export function recordQuery(record: string) {
  return queryOptions({
    queryKey: ['mine', 'hospital-records', 'one', record],
    queryFn: ({ signal }) => callGateway({ path: `/hospital/records/${encodeURIComponent(record)}`, answer: hospitalRecordSchema, signal }),
  })
}

/** GET /hospital/records/:record/versions, page by page, newest first. */
export function versionsQuery(record: string) {
  return infiniteQueryOptions({
    queryKey: ['mine', 'hospital-records', 'versions', record],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const after = pageParam === null ? '' : `&after=${encodeURIComponent(pageParam)}`
      const path = `/hospital/records/${encodeURIComponent(record)}/versions?limit=${PAGE}${after}`
      return callGateway({ path, answer: recordVersionsSchema, signal })
    },
    getNextPageParam: (page) => page.next,
  })
}

/** GET /hospital/records, all of them: to find one by a name, which only an opened record tells. */
export const allRecordsQuery = queryOptions({
  queryKey: ['mine', 'hospital-records', 'all'],
  staleTime: 5 * 60_000,
  queryFn: ({ signal }) => callAllPages({ path: '/hospital/records', answer: hospitalRecordsSchema, signal }),
})

/** Records whose name or birth date holds every word of a search, whatever the order and the case. */
export function searchRecords(records: readonly HospitalRecord[], search: string): HospitalRecord[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return records.filter(({ name, birthDate }) => words.every((word) => `${name} ${birthDate}`.toLowerCase().includes(word)))
}
