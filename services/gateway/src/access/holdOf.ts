import type { ErrorCode } from '@medsync/protocol'
import type { PoolState } from '../chain/poolState.ts'

/** Why data for a study may not leave yet, in the pool's own words, or because an event about it cannot be read; it may later. */
export type Hold = Extract<ErrorCode, 'Pool: paused' | 'Pool: cohort too small' | 'chain/unknown-event'>

/**
 * Why no request of a study can be settled now; undefined when nothing holds it up. Neither is a reason to refuse: the request stays open
 * until the hold ends, or until it expires.
 */
export function holdOf(pool: PoolState, request: { readonly study: Parameters<PoolState['study']>[0] }): Hold | undefined {
  if (pool.isPaused) return 'Pool: paused'
  if (pool.isInDoubt(request.study)) return 'chain/unknown-event'
  const study = pool.study(request.study)
  return study !== undefined && study.cohort < study.terms.minCohort ? 'Pool: cohort too small' : undefined
}
