import type { MemberView } from '@medsync/context/app'
import { organisationIdSchema } from '@medsync/protocol'
import type { Logger } from 'pino'
import type { ParticipantsState } from '../chain/participantsState.ts'
import type { Clock } from '../clock.ts'
import type { Circle } from '../context/circle.ts'
import { ContextKeys } from '../context/contextKeys.ts'
import type { Database } from '../database/database.ts'
import type { EventHub } from '../events/eventHub.ts'
import type { KeyRing } from '../keys/keyRing.ts'
import type { Tenants } from '../tenants/tenants.ts'
import type { Cases } from '../urgency/cases.ts'
import { Allocations, type AllocationsOptions } from './allocations.ts'
import { CaseMoves } from './caseMoves.ts'
import { rankedCases } from './rankedCases.ts'
import { Supply } from './supply.ts'

/** How often is looked, and how long after a change. */
export type AllocationPace = Pick<AllocationsOptions, 'lookEveryMs' | 'settleMs'>

/** What the room is made from. */
export type AllocationParts = {
  readonly circle: Circle
  readonly keys: KeyRing
  readonly database: Database
  readonly tenants: Tenants
  readonly events: EventHub
  readonly clock: Clock
  readonly log: Logger
  readonly cases: Cases
  /** Another pace than a hospital's own. */
  readonly pace?: AllocationPace | undefined
  participants(): Pick<ParticipantsState, 'find' | 'keysOf'>
}

/** Makes the room; nothing runs before `allocations.start`. */
export function composeAllocation(parts: AllocationParts): { readonly allocations: Allocations; readonly supply: Supply } {
  const supply = new Supply(parts)
  const keys = new ContextKeys(parts.keys, parts.tenants)
  const keyOf = (member: MemberView) => keyOfMember(member, keys, parts.participants())
  return {
    supply,
    allocations: new Allocations({
      ...parts,
      ...parts.pace,
      cases: rankedCases(parts.cases),
      supply,
      keys,
      keyOf,
      moves: new CaseMoves(parts),
    }),
  }
}

/** The key in the circle is used only if it is ours, or one that its hospital, active on chain, has there: the list of members is one keeper's word. */
async function keyOfMember(
  { organisation, encryption_key_base64, kind, is_active }: MemberView,
  keys: ContextKeys,
  participants: Pick<ParticipantsState, 'find' | 'keysOf'>,
): Promise<Uint8Array | undefined> {
  const id = organisationIdSchema.safeParse(organisation).data
  if (id === undefined || kind !== 'hospital' || !is_active) return undefined
  const own = await keys.of(id)
  if (own !== undefined) return own.publicBytes
  const known = participants.find(id)
  if (known?.standing !== 'active' || known.role !== 'hospital') return undefined
  return participants.keysOf(id).find((key) => Buffer.from(key).toString('base64') === encryption_key_base64)
}
