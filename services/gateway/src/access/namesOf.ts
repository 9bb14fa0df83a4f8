import type { FollowedChain } from '../chain/followedChain.ts'
import type { KnownRequest } from '../chain/poolState.ts'
import type { Intention } from './journal.ts'

/** How the journal finds the rows of a request: by its digest, without those of other accounts' requests under the same digest. */
export function namesOf({ chain }: { readonly chain: FollowedChain }, request: KnownRequest): Pick<Intention, 'requestDigest' | 'others'> {
  return { requestDigest: request.digest, others: chain.state.pool.othersUnderDigestOf(request) }
}
