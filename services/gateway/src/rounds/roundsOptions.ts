import type { MemberView } from '@medsync/context/app'
import type { OrganisationId, StatisticsQuestion } from '@medsync/protocol'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Circle } from '../context/circle.ts'
import type { EventHub } from '../events/eventHub.ts'

/** A person of a hospital, as a statistics round sees them: the number that is asked, and the bin of each of `COHORT_FIELDS`. */
export type PersonValue = { readonly value: number; readonly ageDecade: number; readonly gender: number }
/** A case that waits at a hospital. The score is a whole number from 0 to 100. */
export type WaitingCase = { readonly caseId: string; readonly score: number }

/** Where the hospitals served here get their inputs from. Read once, when a round begins; nothing of it leaves but shares. */
export type RoundSources = {
  /** One entry for each person who has a value of the question's field. The cohort is applied by the round. */
  values(organisation: OrganisationId, question: StatisticsQuestion): Promise<readonly PersonValue[]>
  /** All waiting cases. */
  waitingCases(organisation: OrganisationId): Promise<readonly WaitingCase[]>
}

/** The ranks of a hospital's own cases after a ranking round, from 1. */
export type KeptRanks = { readonly round: string; readonly total: number; readonly ranks: ReadonlyMap<string, number> }

/** What rounds need of the gateway. */
export type RoundsOptions = {
  readonly circle: Circle
  readonly log: Logger
  readonly clock: Clock
  readonly events: EventHub
  readonly sources: RoundSources
  /**
   * Whether a member of the circle is the hospital that it says it is: rounds with others are not taken part in.
   * @throws {ChainUnavailableError} That cannot be said now; it is asked again.
   */
  isTrusted(member: MemberView): boolean
  /** Takes the ranks; called again after a crash until it succeeded once. */
  onRanks(organisation: OrganisationId, kept: KeptRanks): Promise<void>
  /** How long the opener waits for those missing in a step, in seconds; 60 without it. */
  readonly stepS?: number
  /** How often rounds are looked at when nothing is heard, in milliseconds. */
  readonly lookEveryMs?: number
}
