import type { MemberView } from '@medsync/context/app'
import { type OrganisationId, organisationIdSchema, type StatisticsQuestion } from '@medsync/protocol'
import type { Logger } from 'pino'
import type { FollowedChain } from '../chain/followedChain.ts'
import type { Clock } from '../clock.ts'
import type { Circle } from '../context/circle.ts'
import { ContextKeys } from '../context/contextKeys.ts'
import type { EventHub } from '../events/eventHub.ts'
import { ChainUnavailableError } from '../gatewayErrors.ts'
import type { KeyRing } from '../keys/keyRing.ts'
import type { SealedRecords } from '../records/sealedRecords.ts'
import type { Tenants } from '../tenants/tenants.ts'
import type { RankedCases } from '../urgency/rankedCases.ts'
import { fieldValues } from './fieldValues.ts'
import { RoundRefusedError } from './roundError.ts'
import { Rounds } from './rounds.ts'
import type { PersonValue } from './roundsOptions.ts'

/** What rounds are made from. */
export type RoundsParts = {
  readonly circle: Circle
  readonly log: Logger
  readonly clock: Clock
  readonly events: EventHub
  readonly keys: KeyRing
  readonly tenants: Tenants
  readonly records: SealedRecords
  readonly cases: RankedCases
  readonly chain: FollowedChain
  /** Own people who meet a study's criteria; without it studies are not counted here. */
  readonly peopleOfStudy?: (organisation: OrganisationId, criteria: unknown, asOfS: number) => Promise<readonly PersonValue[]>
}

/** Makes the room; nothing runs before `start`. */
export function composeRounds({ circle, log, clock, events, keys, tenants, records, cases, chain, peopleOfStudy }: RoundsParts): Rounds {
  const pairs = new ContextKeys(keys, tenants)
  const values = async (organisation: OrganisationId, { field }: StatisticsQuestion, asOfS: number): Promise<readonly PersonValue[]> => {
    if (field.kind !== 'study') return await fieldValues(records, tenants.of(organisation).slug, field, asOfS)
    if (peopleOfStudy === undefined) throw new RoundRefusedError('rounds/unfit', 'study')
    return await peopleOfStudy(organisation, field.criteria, asOfS)
  }
  return new Rounds({
    circle,
    log,
    clock,
    events,
    sources: { values, waitingCases: (organisation) => cases.waiting(organisation) },
    isTrusted: (member) => isTrusted(member, chain, pairs),
    keysOf: async (organisation) => {
      const pair = await pairs.of(organisation)
      if (pair === undefined) throw new RangeError('every place is of a tenant')
      return pair
    },
    vaultKeyOf: (slug) => keys.ofTenant(slug, 'round-vault'),
    onRanks: (organisation, kept) => cases.keepRanks(organisation, kept),
  })
}

/**
 * A member is a hospital when the chain says so, and has the key that it shows in the circle: who keeps the circle could admit anybody under any name.
 * @throws {ChainUnavailableError} The chain cannot be asked now: nobody is accused for that.
 */
async function isTrusted(
  { organisation: claimed, encryption_key_base64 }: MemberView,
  chain: FollowedChain,
  pairs: ContextKeys,
): Promise<boolean> {
  if (!chain.isCaughtUp()) throw new ChainUnavailableError('chain/behind')
  const { state } = chain
  const organisation = organisationIdSchema.safeParse(claimed).data
  const known = organisation === undefined ? undefined : state.participants.find(organisation)
  if (organisation === undefined || known?.role !== 'hospital' || known.standing !== 'active') return false
  // Those served here may be on chain without a key for a while.
  const own = await pairs.of(organisation)
  const keys = own === undefined ? state.participants.keysOf(organisation) : [own.publicBytes]
  return keys.some((key) => Buffer.from(key).toString('base64') === encryption_key_base64)
}
