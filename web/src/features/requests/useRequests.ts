import { type RequestView, requestsSchema } from '@medsync/protocol'
import { queryOptions } from '@tanstack/react-query'
import { callAllPages } from '../session/callGateway.ts'

/** GET /research/requests: the own office's requests, newest first. */
export const requestsQuery = queryOptions({
  queryKey: ['mine', 'requests'],
  queryFn: ({ signal }) => callAllPages({ path: '/research/requests', answer: requestsSchema, signal }),
})

/** GET /hospital/requests: what the own hospital was asked, newest first. */
export const hospitalRequestsQuery = queryOptions({
  queryKey: ['mine', 'hospital-requests'],
  queryFn: ({ signal }) => callAllPages({ path: '/hospital/requests', answer: requestsSchema, signal }),
})

/** Newest first. */
export function newestFirst(requests: readonly RequestView[]): RequestView[] {
  return requests.toSorted((one, other) => other.filedAtS - one.filedAtS || (other.request ?? 0) - (one.request ?? 0))
}
