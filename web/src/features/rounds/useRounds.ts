import { type RoundDetail, roundDetailSchema, roundsPageSchema } from '@medsync/protocol'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { callGateway } from '../session/callGateway.ts'

const PAGE = 20
/** Events bring a round up to date; while one is open it is also asked for now and then, since another hospital's step may not reach us as one. */
const LOOK_EVERY_MS = 4_000

/** GET /hospital/rounds, page by page, newest first. */
export const roundsQuery = infiniteQueryOptions({
  queryKey: ['mine', 'rounds', 'list'],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam, signal }) => {
    const after = pageParam === null ? '' : `&after=${encodeURIComponent(pageParam)}`
    return callGateway({ path: `/hospital/rounds?limit=${PAGE}${after}`, answer: roundsPageSchema, signal })
  },
  getNextPageParam: (page) => page.next,
})

/** GET /hospital/rounds/:id */
export function roundQuery(round: string) {
  return queryOptions({
    queryKey: ['mine', 'rounds', 'one', round],
    queryFn: ({ signal }) => callGateway({ path: `/hospital/rounds/${encodeURIComponent(round)}`, answer: roundDetailSchema, signal }),
    staleTime: ({ state }) => (isSettled(state.data) ? Number.POSITIVE_INFINITY : 0),
    refetchInterval: ({ state }) => (state.data?.state === 'opened' || isBeingOpened(state.data) ? LOOK_EVERY_MS : false),
  })
}

/** A closed round whose shares this hospital has yet to open itself. */
export function isBeingOpened(round: RoundDetail | undefined): boolean {
  return round?.state === 'closed' && round.result === null && round.isConfirmed === null
}

/** An ended round of which this hospital knows all that it ever will. */
function isSettled(round: RoundDetail | undefined): boolean {
  return round?.state === 'aborted' || (round?.state === 'closed' && round.isConfirmed !== null)
}
