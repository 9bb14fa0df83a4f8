import { type AccountAddress, singleId } from '@medsync/protocol'
import type { FollowedChain } from '../chain/followedChain.ts'
import type { KnownDispute, KnownEntry } from '../chain/logsState.ts'

/** The disputes of some entries of a patient, by the entry's place in the log. */
export function disputesOf(
  { state, deployment }: FollowedChain,
  patient: AccountAddress,
  entries: readonly KnownEntry[],
): ReadonlyMap<number, KnownDispute> {
  const disputes = state.logs.disputesOf(patient)
  const place = { chainId: deployment.chainId, accessLog: deployment.contracts.accessLog, patient }
  const found = new Map<number, KnownDispute>()
  if (disputes.size === 0) return found
  for (const entry of entries) {
    const dispute = disputes.get(singleId(place, entry))
    if (dispute !== undefined) found.set(entry.index, dispute)
  }
  return found
}
