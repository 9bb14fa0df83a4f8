import type { FiledTerms, PrivateContext } from '@medsync/context'
import { type AccountAddress, type CategoryKey, type Commitment, decide, type OrganisationId, type Ruling } from '@medsync/protocol'
import type { FollowedChain } from '../chain/followedChain.ts'

/** Who asks for what, relying on which consent. */
export type AccessWish = {
  readonly patient: AccountAddress
  readonly commitment: Commitment
  readonly grantee: OrganisationId
  readonly purposeIndex: number
  /** Hospital that holds the record. */
  readonly custodian: OrganisationId
  readonly categories: readonly CategoryKey[]
  readonly dataFromS: number
  readonly dataToS: number
}

/** A ruling, and the terms it rests on: none when nobody filed any for this patient. */
export type AccessRuling = {
  readonly ruling: Ruling
  readonly filed: FiledTerms | undefined
  /** Granted by this patient on chain, and of no terms that anybody here knows: they may still be on their way. */
  readonly isAwaited: boolean
}

/**
 * Decides from memory: the chain's state as last heard of, and the terms of the private context. Fast, and not the last word: before
 * anything leaves `confirmOnChain` asks the chain itself.
 */
export async function decideAccess(
  { chain, context }: { readonly chain: FollowedChain; readonly context: PrivateContext },
  wish: AccessWish,
): Promise<AccessRuling> {
  const filed = await context.termsByCommitment(wish.commitment)
  // Terms of somebody else under a commitment that was named for this patient are nobody's consent.
  const status = chain.state.consents.effective(wish.patient, wish.commitment)
  if (filed === undefined || filed.patient !== wish.patient) {
    return { ruling: { decision: 'not-granted' }, filed: undefined, isAwaited: filed === undefined && status === 'active' }
  }
  return { ruling: decide({ ...wish, status, terms: filed.terms, nowS: chain.nowS() }), filed, isAwaited: false }
}
