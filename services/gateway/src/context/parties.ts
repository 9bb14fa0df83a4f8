import type { NewFiledTerms } from '@medsync/context'
import type { MemberView } from '@medsync/context/app'
import { type OrganisationId, ZERO } from '@medsync/protocol'
import type { ParticipantsState } from '../chain/participantsState.ts'
import type { Circle } from './circle.ts'
import type { ContextKeys } from './contextKeys.ts'

/** What the chain says of organisations. */
export type OnChain = { readonly participants: Pick<ParticipantsState, 'find' | 'keysOf'> }

/** Whom terms concern, each with the key that they are sealed to. */
export type Party = { readonly organisation: OrganisationId; readonly key: Uint8Array }

/** The parties that can be sealed to now. */
export type Parties = {
  readonly parties: readonly Party[]
  /** Whether a member of the circle that terms concern has no usable key yet: they have to be sealed to it later. */
  readonly isLacking: boolean
}

/** What finding parties needs. */
export type PartiesOptions = { readonly circle: Circle; readonly keys: ContextKeys; readonly onChain: () => OnChain }

/**
 * Who has to be able to open terms: whoever files them, the grantee, and the hospital that they name, or else those that hold a record of the
 * patient as far as we or the patient say so; that a hospital says so itself is no reason. Of others only those that the chain knows as active
 * and in that role, and whose key in the circle is a key of theirs on chain: the list of members is one keeper's word.
 */
export async function partiesOf(
  { circle, keys, onChain }: PartiesOptions,
  { terms }: NewFiledTerms,
  holders: readonly OrganisationId[],
  filedBy: OrganisationId,
): Promise<Parties> {
  const hospitals = terms.custodian === ZERO ? holders : [terms.custodian]
  const members = await circle.members()
  const parties: Party[] = []
  let isLacking = false
  for (const organisation of new Set([filedBy, terms.grantee, ...hospitals])) {
    const own = await keys.of(organisation)
    const key = own?.publicBytes ?? keyOfMember(members, organisation, onChain(), organisation === terms.grantee ? undefined : 'hospital')
    if (key !== undefined) parties.push({ organisation, key })
    else if (members.some((member) => member.organisation === organisation && member.is_active)) isLacking = true
  }
  return { parties, isLacking }
}

function keyOfMember(
  members: readonly MemberView[],
  organisation: OrganisationId,
  { participants }: OnChain,
  role: 'hospital' | undefined,
): Uint8Array | undefined {
  const known = participants.find(organisation)
  if (known?.standing !== 'active' || (role !== undefined && known.role !== role)) return undefined
  const claimed = members
    .filter((member) => member.is_active && member.organisation === organisation)
    .map(({ encryption_key_base64 }) => encryption_key_base64)
  return participants.keysOf(organisation).find((key) => claimed.includes(Buffer.from(key).toString('base64')))
}
