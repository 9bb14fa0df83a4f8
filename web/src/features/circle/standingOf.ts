import type { CircleMember } from '@medsync/protocol'
import type { StatusTone } from '../../ui/StatusPill.tsx'

/** Where a member stands: tone, a word, and what it means; the chain's word counts before the circle's. */
export function standingOf({ isActive, standing, canReceive }: CircleMember): readonly [tone: StatusTone, words: string, note: string] {
  if (!isActive) return ['rest', 'Removed', 'Its node gets nothing new; what it has it keeps.']
  if (standing === null) return ['bad', 'Not on the chain', 'No consent is sent to an organisation that the chain does not know.']
  if (standing === 'suspended') return ['bad', 'Suspended', 'Governance suspended it on the chain: no consent is sent to it.']
  if (!canReceive) return ['waiting', 'Waiting for its key', 'Its key is not on the chain yet, so no consent is sent to it.']
  return ['good', 'Takes part', 'Consents that concern it are sealed to its key.']
}
