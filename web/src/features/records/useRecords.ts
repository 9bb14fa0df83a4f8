import { type CategoryKey, patientRecordsSchema } from '@medsync/protocol'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { callGateway } from '../session/callGateway.ts'

/** GET /patient/records: the records linked to the signed-in account at the hospitals served here. */
export const recordsQuery = queryOptions({
  queryKey: ['mine', 'records'],
  queryFn: async ({ signal }) => (await callGateway({ path: '/patient/records', answer: patientRecordsSchema, signal })).items,
})

/** How many entries the linked records hold together, by category; undefined while there is no record. */
export function useRecordCounts(): ReadonlyMap<CategoryKey, number> | undefined {
  const { data } = useQuery(recordsQuery)
  return useMemo(() => {
    if (data === undefined || data.length === 0) return undefined
    const counts = new Map<CategoryKey, number>()
    for (const { category, count } of data.flatMap(({ categories }) => categories))
      counts.set(category, (counts.get(category) ?? 0) + count)
    return counts
  }, [data])
}
