import { grantsSchema } from '@medsync/protocol'
import { queryOptions } from '@tanstack/react-query'
import { callAllPages } from '../session/callGateway.ts'

/** GET /research/consents: consents granted to the own office that are active now. */
export const grantsQuery = queryOptions({
  queryKey: ['mine', 'grants'],
  queryFn: ({ signal }) => callAllPages({ path: '/research/consents', answer: grantsSchema, signal }),
})
