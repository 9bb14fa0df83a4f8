import type { MemberView } from '@medsync/context/app'
import type { OrganisationId, StatisticsQuestion } from '@medsync/protocol'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Circle } from '../context/circle.ts'
import type { ContextKeyPair } from '../context/contextKeys.ts'
import type { EventHub } from '../events/eventHub.ts'
import type { Key } from '../keys/keyRing.ts'

/** A person of a hospital, as a statistics round sees them: the number that is asked, the bin of each of `COHORT_FIELDS`, and since when the hospital has them. */
export type PersonValue = { readonly value: number; readonly ageDecade: number; readonly gender: number; readonly enteredS: number }
/** A case that waits at a hospital. The score is a whole number from 0 to 100. */
export type WaitingCase = { readonly caseId: string; readonly score: number }

/** Where the hospitals served here get their inputs from. Read once, when a round begins; nothing of it leaves but shares. */
export type RoundSources = {
  /** One entry for each person who had a value of the question's field at a time, as it was then. The cohort is applied by the round. */
  values(organisation: OrganisationId, question: StatisticsQuestion, asOfS: number): Promise<readonly PersonValue[]>
  /** All waiting cases. */
  waitingCases(organisation: OrganisationId): Promise<readonly WaitingCase[]>
}

/** The ranks of a hospital's own cases after a ranking round, from 1. Those that found no place in it have none. */
export type KeptRanks = { readonly round: string; readonly total: number; readonly ranks: ReadonlyMap<string, number> }

/** What rounds need of the gateway. */
export type RoundsOptions = {
  readonly circle: Circle
  readonly log: Logger
  readonly clock: Clock
  readonly events: EventHub
  readonly sources: RoundSources
  /**
   * Whether a member of the circle shows the key of the hospital that it says it is: rounds with others are not taken part in. That it *has* the key, it proves
   * when it joins.
   * @throws {ChainUnavailableError} That cannot be said now; it is asked again.
   */
  isTrusted(member: MemberView): Promise<boolean>
  /** The key pair of a hospital served here, whose public key it shows in the circle. */
  keysOf(organisation: OrganisationId): Promise<ContextKeyPair>
  /** What is kept in a hospital's vault is sealed with. */
  vaultKeyOf(slug: string): Key
  /** Takes the ranks; called again after a crash until it succeeded once. */
  onRanks(organisation: OrganisationId, kept: KeptRanks): Promise<void>
  /** How long the opener waits for those missing in a step, in seconds; 60 without it. */
  readonly stepS?: number
  /** How long a hospital rests after a ranking before it joins the next one of the same opener, in seconds; 10 without it. */
  readonly restS?: number
  /** How often rounds are looked at when nothing is heard, in milliseconds. */
  readonly lookEveryMs?: number
}
