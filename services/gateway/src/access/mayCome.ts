import type { PrivateContext } from '@medsync/context'
import type { AccountAddress, Commitment } from '@medsync/protocol'
import type { FollowedChain } from '../chain/followedChain.ts'

/**
 * Whether a consent is granted of which nobody here knows the terms: they may still be on their way through the circle. A commitment of
 * somebody else's is known, and is no consent of this patient.
 */
export async function mayCome(
  { chain, context }: { readonly chain: FollowedChain; readonly context: PrivateContext },
  { patient, commitment }: { readonly patient: AccountAddress; readonly commitment: Commitment },
): Promise<boolean> {
  const isGranted = chain.state.consents.effective(patient, commitment) === 'active'
  return isGranted && (await context.termsByCommitment(commitment)) === undefined
}
