import { circleSchema } from '@medsync/protocol'
import { queryOptions } from '@tanstack/react-query'
import { callGateway } from '../session/callGateway.ts'

/** GET /hospital/circle: what runs the private context, and who is in it. */
export const circleQuery = queryOptions({
  queryKey: ['mine', 'circle'],
  queryFn: ({ signal }) => callGateway({ path: '/hospital/circle', answer: circleSchema, signal }),
})
