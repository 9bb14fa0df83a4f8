import type { NewFiledTerms } from '@medsync/context'
import type { MemberView } from '@medsync/context/app'
import { type OrganisationId, ZERO } from '@medsync/protocol'
import type { ParticipantsState } from '../chain/participantsState.ts'
import type { Circle } from './circle.ts'
import type { ContextKeys } from './contextKeys.ts'

/** Whose key the chain has. */
export type OnChain = { readonly participants: Pick<ParticipantsState, 'find' | 'keysOf'> }

/** Whom terms concern, each with the key that they are sealed to. */
export type Party = { readonly organisation: OrganisationId; readonly key: Uint8Array }

/**
 * Who has to be able to open terms: the grantee, the hospital that they name or those that hold a record of the patient, and whoever files
 * them. Of others only those whom the chain knows as active and whose key in the circle is a key of theirs on chain: the list of members is
 * one keeper's word.
 */
export async function partiesOf(
  { circle, keys, onChain }: { readonly circle: Circle; readonly keys: ContextKeys; readonly onChain: () => OnChain },
  { terms }: NewFiledTerms,
  holders: readonly OrganisationId[],
  filedBy: OrganisationId,
): Promise<Party[]> {
  const custodians = terms.custodian === ZERO ? holders : [terms.custodian]
  const members = await circle.members()
  const parties: Party[] = []
  for (const organisation of new Set([filedBy, terms.grantee, ...custodians])) {
    const own = await keys.of(organisation)
    const key = own?.publicBytes ?? keyOfMember(members, organisation, onChain())
    if (key !== undefined) parties.push({ organisation, key })
  }
  return parties
}

function keyOfMember(members: readonly MemberView[], organisation: OrganisationId, { participants }: OnChain): Uint8Array | undefined {
  if (participants.find(organisation)?.standing !== 'active') return undefined
  const claimed = members
    .filter((member) => member.is_active && member.organisation === organisation)
    .map(({ encryption_key_base64 }) => encryption_key_base64)
  return participants.keysOf(organisation).find((key) => claimed.includes(Buffer.from(key).toString('base64')))
}
