import { randomUUID } from 'node:crypto'
import { ContextUnavailableError } from '@medsync/context'
import type { AppAnswers, AppArguments, AppMethod, MemberView, RoundView } from '@medsync/context/app'
import type { OrganisationId } from '@medsync/protocol'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Circle, Seat } from '../context/circle.ts'
import { isRefusal } from '../context/circleEngine.ts'
import type { ContextKeys } from '../context/contextKeys.ts'
import type { Tenant } from '../tenants/tenants.ts'
import {
  contributorsOf,
  type Doubt,
  digestOfAllocation,
  KIND,
  organisationOf,
  type Reader,
  readContributions,
  reasonOf,
  resultOf,
  STEP,
  timeOf,
  writeAnnouncement,
  writeParameters,
  writeReason,
  writeResult,
} from './allocationRound.ts'
import { type ContributionSources, composeContribution } from './composeContribution.ts'
import { type Contribution, digestOf, fingerprintOf, packContribution } from './contribution.ts'
import { MarketConflict, type Merged, mergeMarket } from './mergeMarket.ts'
import { sealContribution } from './sealContribution.ts'

/** How long after the last contribution may come the round still is no older than its deadline. */
const SPARE_S = 60
/** Clocks may differ by this much. */
const MAX_SKEW_S = 600
/** Whoever contributed something false is left out of our rounds for so long. */
const LEFT_OUT_S = 600
const PAGE = 20
const ANSWER_WITHIN_MS = 30_000
/** All that the app takes of one contribution. */
const MAX_BYTES = 500 * 1_024

/** What the places of this gateway share. */
export type SeatAllocationOptions = ContributionSources & {
  readonly circle: Circle
  readonly keys: ContextKeys
  readonly clock: Clock
  readonly log: Logger
  /** The key to seal to a member, when it is the hospital that it says it is; see `partiesOf`. */
  keyOf(member: MemberView): Promise<Uint8Array | undefined>
  /** How long the opener waits for those missing. */ readonly waitS: number
  /** Ends what is being asked. */ readonly stopping: AbortSignal
}

/** An allocation that stands. */
export type Standing = {
  readonly round: string
  readonly nowS: number
  readonly counted: readonly OrganisationId[]
  readonly merged: Merged
  readonly published: readonly { readonly rank: number; readonly pseudonym: string; readonly isAllocated: boolean }[]
}

/**
 * One place of this gateway in the circle, as it takes part in allocations. Nothing is kept here: what stands is read from the circle again after a start.
 */
export class SeatAllocation {
  readonly seat: Seat
  readonly tenant: Tenant
  readonly #options: SeatAllocationOptions
  readonly #leftOutUntilS = new Map<string, number>()
  #standing: (Standing & { readonly fingerprint: string | undefined }) | undefined
  #doubt: (Doubt & { readonly round: string }) | undefined
  /** Contributed in vain: not again before something has changed. */
  #failedFingerprint: string | undefined
  /** Rounds that ended and were looked at. */
  readonly #seen = new Set<string>()
  #underWay = new Set<string>()

  constructor(options: SeatAllocationOptions, { seat, tenant }: { readonly seat: Seat; readonly tenant: Tenant }) {
    this.#options = options
    this.seat = seat
    this.tenant = tenant
  }

  get standing(): Standing | undefined {
    return this.#standing
  }

  /** Why the latest round led to nothing; undefined when it did lead to what stands. */
  get doubt(): Doubt | undefined {
    return this.#doubt
  }

  /** Whether it has contributed to a round that has not ended: what it said there cannot be changed now. */
  get isUnderWay(): boolean {
    return this.#underWay.size > 0
  }

  /**
   * Takes part in what is open, takes up what has ended, and opens a round when what this hospital has to say has changed.
   * @param isAsked - Opens one though nothing has changed.
   * @returns Whether something that people see is different.
   */
  async look(isAsked = false): Promise<{ hasChanged: boolean; opened: string | undefined }> {
    const reader = await this.#reader()
    const opened = await this.#opened()
    for (const round of opened) await this.#contribute(reader, round)
    for (const round of opened) if (round.opened_by === reader.me) await this.#close(reader, await this.#call('round', { id: round.id }))
    const hasChanged = await this.#takeUp(reader)
    const underWay = (await this.#opened()).filter((round) => round.opened_by === reader.me || contributorsOf(round).includes(reader.me))
    this.#underWay = new Set(underWay.filter((round) => contributorsOf(round).includes(reader.me)).map(({ id }) => id))
    const own = underWay.length === 0 || isAsked ? await this.#openIfNeeded(reader, isAsked) : undefined
    return { hasChanged, opened: own }
  }

  /** What this hospital would contribute now. */
  async contribution(): Promise<Contribution> {
    const nowS = this.#options.clock.nowS()
    return await composeContribution(this.#options, this.tenant, { nowS, current: this.#standing?.merged })
  }

  async #reader(): Promise<Reader> {
    const { circle, keys } = this.#options
    const pair = await keys.of(this.seat.organisation)
    if (pair === undefined) throw new RangeError('a place is of an organisation served here')
    const [me, members] = [await circle.executorOf(this.seat), await circle.members()]
    const messagesOf = (round: string) => this.#call('messages_for_me', { round, step: STEP })
    return { me, members, privateKey: pair.privateKey, messagesOf }
  }

  /** A node may be there and never answer. */
  async #call<M extends AppMethod>(method: M, args: AppArguments[M]): Promise<AppAnswers[M]> {
    const { circle, stopping } = this.#options
    const late = AbortSignal.timeout(ANSWER_WITHIN_MS)
    try {
      return await circle.call(this.seat, method, args, { signal: AbortSignal.any([stopping, late]) })
    } catch (cause) {
      throw late.aborted ? new ContextUnavailableError({ cause }) : cause
    }
  }

  async #opened(): Promise<RoundView[]> {
    const { clock, waitS } = this.#options
    const { entries } = await this.#call('rounds', { state: 'opened', limit: PAGE })
    // Who opens one without an end would have everybody wait for it.
    const longestS = 2 * (waitS + SPARE_S) + MAX_SKEW_S
    return entries.filter(({ kind, deadline_s }) => kind === KIND && deadline_s > clock.nowS() && deadline_s <= clock.nowS() + longestS)
  }

  async #contribute(reader: Reader, round: RoundView): Promise<void> {
    const { clock, log } = this.#options
    const nowS = timeOf(round)
    const isOurs = round.parties.includes(reader.me) && !contributorsOf(round).includes(reader.me)
    if (!isOurs || nowS === undefined || Math.abs(nowS - clock.nowS()) > MAX_SKEW_S) return
    const keys = await this.#keysOf(reader, round.parties)
    // With a stranger at the table nothing is said at all.
    if (keys === undefined) return
    const messages = await this.#messages(reader, round.id, keys)
    try {
      await this.#call('contribute', { round: round.id, step: STEP, messages })
      log.info({ event: 'allocation.contributed', round: round.id, seat: this.seat.name }, 'contributed')
    } catch (failure) {
      const isOver = isRefusal(failure, 'RoundEnded') || isRefusal(failure, 'DeadlinePassed') || isRefusal(failure, 'AlreadyContributed')
      if (!isOver) throw failure
    }
  }

  /** Sealed to each party, with a digest that all of them see. With more cases than fit the least urgent are left for the next time. */
  async #messages(reader: Reader, round: string, keys: ReadonlyMap<string, Uint8Array>): Promise<{ to: string | null; sealed: string }[]> {
    let contribution = await this.contribution()
    let packed = packContribution(contribution)
    while (packed.length * keys.size > MAX_BYTES && contribution.cases.length > 0) {
      contribution = { ...contribution, cases: contribution.cases.slice(0, contribution.cases.length >> 1) }
      packed = packContribution(contribution)
      this.#options.log.warn({ event: 'allocation.too-large', round, seat: this.seat.name }, 'cases left out')
    }
    const sealed: { to: string | null; sealed: string }[] = [{ to: null, sealed: writeAnnouncement(digestOf(packed)) }]
    for (const [to, key] of keys) {
      const message = await sealContribution(packed, key, { round, from: reader.me, to })
      if (message !== undefined) sealed.push({ to, sealed: Buffer.from(message).toString('base64') })
    }
    return sealed
  }

  /** Undefined when one of the parties is not who it should be. */
  async #keysOf({ members }: Reader, parties: readonly string[]): Promise<Map<string, Uint8Array> | undefined> {
    const keys = new Map<string, Uint8Array>()
    for (const party of parties) {
      const member = members.find(({ executor }) => executor === party)
      const key = member === undefined ? undefined : await this.#options.keyOf(member)
      if (key === undefined) return undefined
      keys.set(party, key)
    }
    return keys
  }

  /** Closes an own round when all have contributed, or when their time is over. */
  async #close(reader: Reader, round: RoundView): Promise<void> {
    const { clock, log } = this.#options
    const nowS = timeOf(round)
    const counted = contributorsOf(round)
    const isDue = counted.length === round.parties.length || clock.nowS() >= round.deadline_s - SPARE_S
    if (round.state !== 'opened' || nowS === undefined || !isDue || counted.length === 0) return
    try {
      const { allocation } = mergeMarket(await readContributions(reader, round), nowS)
      await this.#call('close_round', { id: round.id, result: writeResult(allocation, counted) })
      log.info({ event: 'allocation.closed', round: round.id, seat: this.seat.name, cases: allocation.allocated.length }, 'allocated')
    } catch (failure) {
      if (isRefusal(failure, 'RoundEnded')) return
      if (!(failure instanceof MarketConflict)) throw failure
      if (failure.code === 'allocation/false-contribution') this.#leaveOut(reader, failure.organisations)
      await this.#call('abort_round', {
        id: round.id,
        reason: writeReason({ code: codeOf(failure), organisations: [...failure.organisations] }),
      })
    }
  }

  #leaveOut({ members }: Reader, organisations: readonly string[]): void {
    const untilS = this.#options.clock.nowS() + LEFT_OUT_S
    for (const { executor, organisation } of members) if (organisations.includes(organisation)) this.#leftOutUntilS.set(executor, untilS)
  }

  /** Looks at the rounds that ended, the newest first, until one stands. */
  async #takeUp(reader: Reader): Promise<boolean> {
    let after: string | null = null
    let hasChanged = false
    do {
      const page: { entries: RoundView[]; next: string | null } = await this.#call('rounds', { after, limit: PAGE })
      const areKnown = page.entries.every(({ id }) => this.#seen.has(id))
      for (const round of page.entries) {
        if (round.id === this.#standing?.round) return hasChanged
        if (round.state === 'opened' || this.#seen.has(round.id)) continue
        const isOurs = round.kind === KIND && round.parties.includes(reader.me)
        const taken: 'stands' | 'fails' | 'later' | 'none' = isOurs ? await this.#take(reader, round, hasChanged) : 'none'
        if (taken !== 'later') this.#seen.add(round.id)
        hasChanged ||= taken === 'stands' || taken === 'fails'
        if (taken === 'stands') return true
      }
      after = areKnown ? null : page.next
    } while (after !== null)
    return hasChanged
  }

  /** @param isOlder - A newer one has been looked at: this one's failure says nothing any more. */
  async #take(reader: Reader, round: RoundView, isOlder: boolean): Promise<'stands' | 'fails' | 'later' | 'none'> {
    const nowS = timeOf(round)
    const result = resultOf(round)
    const opener = organisationOf(reader.members, round.opened_by)
    if (round.state === 'aborted') return await this.#takeAbort(reader, round, isOlder)
    const counted = contributorsOf(round)
    // What was counted may still be on its way to this node.
    if (result?.counted.some((each) => !counted.includes(each))) return 'later'
    const falseResult: Doubt = { code: 'allocation/other-result', organisations: opener === undefined ? [] : [opener] }
    if (nowS === undefined || result === undefined) return await this.#fail(round, falseResult, isOlder)
    try {
      const contributions = await readContributions(reader, round)
      const merged = mergeMarket(contributions, nowS)
      if (digestOfAllocation(merged.allocation) !== result.digest) return await this.#fail(round, falseResult, isOlder)
      const own = contributions.get(this.seat.organisation)
      this.#standing = {
        round: round.id,
        nowS,
        counted: [...contributions.keys()].sort(),
        merged,
        published: result.cases.map(([rank, pseudonym, given]) => ({ rank, pseudonym, isAllocated: given === 1 })),
        fingerprint: own === undefined ? undefined : fingerprintOf(own),
      }
      if (!isOlder) this.#doubt = undefined
      return 'stands'
    } catch (failure) {
      if (!(failure instanceof MarketConflict)) throw failure
      return await this.#fail(round, { code: codeOf(failure), organisations: [...failure.organisations] }, isOlder)
    }
  }

  /** Only its opener is believed about why a round was given up. Whoever gives up another's round is left out of ours, and it goes on without them. */
  async #takeAbort(reader: Reader, round: RoundView, isOlder: boolean): Promise<'fails' | 'none'> {
    const isByOpener = round.ended_by === round.opened_by
    const isOurs = round.opened_by === reader.me
    const endedBy = organisationOf(reader.members, round.ended_by ?? '')
    if (isOurs && !isByOpener && endedBy !== undefined) this.#leaveOut(reader, [endedBy])
    if (!isByOpener || !(isOurs || contributorsOf(round).includes(reader.me))) return 'none'
    return await this.#fail(
      round,
      reasonOf(round) ?? { code: 'rounds/given-up', organisations: endedBy === undefined ? [] : [endedBy] },
      isOlder,
    )
  }

  async #fail(round: RoundView, doubt: Doubt, isOlder: boolean): Promise<'fails'> {
    if (isOlder) return 'fails'
    this.#doubt = { ...doubt, round: round.id }
    this.#failedFingerprint = fingerprintOf(await this.contribution())
    this.#options.log.warn(
      { event: 'allocation.failed', round: round.id, code: doubt.code, organisations: doubt.organisations },
      'no allocation',
    )
    return 'fails'
  }

  async #openIfNeeded(reader: Reader, isAsked: boolean): Promise<string | undefined> {
    const { clock, log, waitS } = this.#options
    const contribution = await this.contribution()
    const fingerprint = fingerprintOf(contribution)
    const isEmpty = contribution.specialists.length === 0 && contribution.cases.length === 0 && contribution.held.length === 0
    const isKnown = fingerprint === this.#standing?.fingerprint || fingerprint === this.#failedFingerprint
    if (!isAsked && (isKnown || (isEmpty && this.#standing?.fingerprint === undefined))) return undefined
    const parties = await this.#parties(reader)
    const nowS = clock.nowS()
    const id = await this.#call('open_round', {
      id: randomUUID(),
      kind: KIND,
      parties,
      deadline_s: nowS + waitS + SPARE_S,
      threshold: 1,
      parameters: writeParameters(nowS),
    })
    log.info({ event: 'allocation.opened', round: id, seat: this.seat.name }, 'allocation opened')
    return id
  }

  async #parties({ me, members }: Reader): Promise<string[]> {
    const nowS = this.#options.clock.nowS()
    const parties = new Map([[this.seat.organisation, me]])
    for (const member of members) {
      const organisation = organisationOf(members, member.executor)
      const isUsable = member.is_active && member.kind === 'hospital' && (this.#leftOutUntilS.get(member.executor) ?? 0) <= nowS
      if (!isUsable || organisation === undefined || parties.has(organisation)) continue
      if ((await this.#options.keyOf(member)) !== undefined) parties.set(organisation, member.executor)
    }
    return [...parties.values()]
  }
}

function codeOf(failure: MarketConflict): Doubt['code'] {
  return failure.code === 'allocation/same-rank' || failure.code === 'allocation/twice' ? failure.code : 'allocation/false-contribution'
}
