import { circleSchema } from '@medsync/protocol'
import { queryOptions } from '@tanstack/react-query'
import { callGateway } from '../session/callGateway.ts'

const LOOK_EVERY_MS = 5_000

/** GET /hospital/circle: what runs the private context, who is in it, and how our own nodes are; asked again while there are any. */
export const circleQuery = queryOptions({
  queryKey: ['mine', 'circle'],
  queryFn: ({ signal }) => callGateway({ path: '/hospital/circle', answer: circleSchema, signal }),
  refetchInterval: ({ state }) => ((state.data?.nodes.length ?? 0) > 0 ? LOOK_EVERY_MS : false),
})
