import { ContextUnavailableError } from '@medsync/context'
import { EventsMissedError } from '@medsync/context/engine'
import type { AccountAddress, CaseId, Moving, OfferBody, OrganisationId } from '@medsync/protocol'
import { AllocationError } from '@medsync/protocol/allocation'
import { Nudge } from '../chain/nudge.ts'
import { pause } from '../chain/pause.ts'
import { OneByOne } from '../context/oneByOne.ts'
import type { EventHub } from '../events/eventHub.ts'
import { NotFoundError } from '../gatewayErrors.ts'
import { framesOf } from '../http/framesOf.ts'
import type { Tenants } from '../tenants/tenants.ts'
import { type Board, boardOf } from './boardOf.ts'
import type { CaseMove } from './caseMoves.ts'
import { placeIdOf } from './contribution.ts'
import type { RankedCase } from './rankedCases.ts'
import { SeatAllocation, type SeatAllocationOptions } from './seatAllocation.ts'

const LOOK_EVERY_MS = 5_000
const AWAY_MS = 1_000
/** Changes come in flocks: what follows within this time is in the same round. */
const SETTLE_MS = 1_000
/** How long staff wait for a round that is under way. */
const UNDER_WAY_MS = 10_000
const HEARD: ReadonlySet<string> = new Set(['RoundOpened', 'Contributed', 'RoundClosed', 'RoundAborted', 'MemberAdmitted', 'MemberRemoved'])

/** What allocations need of the gateway. */
export type AllocationsOptions = Omit<SeatAllocationOptions, 'waitS' | 'stopping'> & {
  readonly tenants: Tenants
  readonly events: EventHub
  /** How long an opener waits for hospitals that do not answer, seconds; 60 without it. */ readonly waitS?: number
  readonly lookEveryMs?: number
  readonly settleMs?: number
}

/**
 * Gives cases of all hospitals their places, again whenever something has changed at any of them: each gateway opens a round when what its hospital has to say is not what
 * it said in the last one. Staff accept and decline here.
 */
export class Allocations {
  readonly #options: AllocationsOptions
  readonly #places: ReadonlyMap<OrganisationId, SeatAllocation>
  readonly #alone = new OneByOne<OrganisationId>()
  readonly #nudge = new Nudge()
  readonly #stopping = new AbortController()
  #loops: Promise<unknown> = Promise.resolve()

  constructor(options: AllocationsOptions) {
    this.#options = options
    const of = { ...options, waitS: options.waitS ?? 60, stopping: this.#stopping.signal }
    const seats = options.circle.seats.flatMap((seat) => {
      const tenant = options.tenants.find(seat.organisation)
      return tenant?.role === 'hospital' ? [{ seat, tenant }] : []
    })
    this.#places = new Map(seats.map((each) => [each.seat.organisation, new SeatAllocation(of, each)]))
  }

  /** Starts; waits for nothing. */
  start(): void {
    const { signal } = this.#stopping
    const unsubscribe = this.#options.events.subscribe(({ event }) => {
      if (event.type === 'case.changed' || event.type === 'case.ranked') this.#nudge.now()
    })
    signal.addEventListener('abort', unsubscribe, { once: true })
    this.#loops = Promise.all([this.#watch(signal), this.#listen(signal)])
  }

  /** Ends after what is being done. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#nudge.now()
    await this.#loops
  }

  /** Something that a hospital offers has changed. */
  wake(): void {
    this.#nudge.now()
  }

  /** How things stand for a hospital. @throws {ContextUnavailableError} @throws {NotFoundError} It has no place in the circle. */
  async board(organisation: OrganisationId): Promise<Board> {
    const place = this.#of(organisation)
    const { supply, moves, cases } = this.#options
    const { slug } = place.tenant
    const [offered, known, all] = [await supply.all(slug), await moves.all(slug), await cases.all(organisation)]
    const isShown = (one: RankedCase) => one.status === 'waiting' || (one.status === 'allocated' && known.get(one.caseId)?.held != null)
    const own = [...all.values()].filter(isShown)
    const pseudonymOf = (caseId: CaseId) => moves.pseudonymOf(slug, caseId)
    return boardOf({
      organisation,
      standing: place.standing,
      doubt: place.doubt,
      isRunning: place.isUnderWay,
      offered,
      known,
      cases: own,
      pseudonymOf,
    })
  }

  /** Notes where a case is and what its patient agreed to. @throws {NotFoundError} No case of this hospital. @throws {AllocationError} `allocation/unknown-facility` */
  async setMoving(organisation: OrganisationId, caseId: CaseId, moving: Moving): Promise<void> {
    const { tenant } = this.#of(organisation)
    await this.#mustBeOpen(organisation, caseId)
    const { facilities } = await this.#options.supply.all(tenant.slug)
    if (moving.facility !== null && !facilities.some(({ facility }) => facility === moving.facility))
      throw new AllocationError('allocation/unknown-facility', moving.facility)
    await this.#options.moves.change(tenant.slug, caseId, (move) => ({ ...move, moving }))
    this.#nudge.now()
  }

  /**
   * Takes the place that a case is offered: from then on it holds it.
   * @throws {AllocationError} `allocation/offer-gone`: another one is offered now, or none; `allocation/under-way`: once more in a moment.
   */
  async accept(organisation: OrganisationId, caseId: CaseId, offer: OfferBody, by: AccountAddress): Promise<void> {
    await this.#settled(organisation, async ({ tenant, standing }) => {
      await this.#mustBeOpen(organisation, caseId)
      const pseudonym = this.#options.moves.pseudonymOf(tenant.slug, caseId)
      const given = standing?.merged.allocation.allocated.find((one) => one.pseudonym === pseudonym)
      const isOffered = given?.place.specialist === offer.specialist && given.place.fromS === offer.fromS
      const { held } = await this.#options.moves.of(tenant.slug, caseId)
      if (held !== null && held.specialist === offer.specialist && held.fromS === offer.fromS) return
      if (!isOffered || held !== null || offer.fromS <= this.#options.clock.nowS())
        throw new AllocationError('allocation/offer-gone', caseId)
      const { specialist, fromS, toS } = given.place
      await this.#options.moves.change(tenant.slug, caseId, (move) => ({ ...move, held: { specialist, fromS, toS, rank: given.rank, by } }))
      await this.#options.cases.setStatus(organisation, caseId, 'allocated', by)
    })
  }

  /** Turns an offer down: that specialist is not offered for this case again. */
  async decline(organisation: OrganisationId, caseId: CaseId, { specialist }: OfferBody): Promise<void> {
    const { tenant } = this.#of(organisation)
    await this.#mustBeOpen(organisation, caseId)
    await this.#options.moves.change(tenant.slug, caseId, (move) =>
      move.declined.includes(specialist) ? move : { ...move, declined: [...move.declined, specialist].slice(-1_000) },
    )
    this.#nudge.now()
  }

  /** Gives an accepted place back: the case waits again. */
  async release(organisation: OrganisationId, caseId: CaseId, by: AccountAddress): Promise<void> {
    await this.#settled(organisation, async (place) => {
      await this.#mustBeOpen(organisation, caseId)
      await this.#free(place, caseId, by)
    })
  }

  /** An own specialist does not take a case. @throws {NotFoundError} No such specialist, or the case is not offered to it. @throws {AllocationError} It was accepted. */
  async declineIncoming(organisation: OrganisationId, pseudonym: string, specialist: string): Promise<void> {
    const { tenant, standing } = this.#of(organisation)
    const id = placeIdOf(organisation, specialist)
    const { allocated = [], held = [] } = standing?.merged.allocation ?? {}
    if (held.some((one) => one.pseudonym === pseudonym && one.specialist === id))
      throw new AllocationError('allocation/accepted', pseudonym)
    if (!allocated.some((one) => one.pseudonym === pseudonym && one.place.specialist === id)) throw new NotFoundError()
    await this.#options.supply.refuse(tenant.slug, { pseudonym, specialist })
    this.#nudge.now()
  }

  /** Whether a case is said to be at a facility. */
  async isUsed(organisation: OrganisationId, facility: string): Promise<boolean> {
    const known = await this.#options.moves.all(this.#of(organisation).tenant.slug)
    return [...known.values()].some(({ moving }) => moving.facility === facility)
  }

  /** Allocates now, and gives the round's id. @throws {AllocationError} `allocation/under-way` */
  async run(organisation: OrganisationId): Promise<string> {
    const opened = await this.#settled(organisation, async (place) => (await place.look(true)).opened)
    if (opened === undefined) throw new AllocationError('allocation/under-way')
    return opened
  }

  #of(organisation: OrganisationId): SeatAllocation {
    const place = this.#places.get(organisation)
    if (place === undefined) throw new NotFoundError('input/not-found', 'circle')
    return place
  }

  async #mustBeOpen(organisation: OrganisationId, caseId: CaseId): Promise<void> {
    const status = (await this.#options.cases.all(organisation)).get(caseId)?.status
    if (status === undefined) throw new NotFoundError()
    if (status === 'done') throw new AllocationError('allocation/case-done', caseId)
  }

  /** Does the work when no round is under way to which this hospital has contributed: what it says there must not change meanwhile. */
  async #settled<T>(organisation: OrganisationId, work: (place: SeatAllocation) => Promise<T>): Promise<T> {
    const place = this.#of(organisation)
    const untilMs = performance.now() + UNDER_WAY_MS
    for (;;) {
      const done = await this.#alone.run(organisation, async () => {
        await this.#look(place)
        return place.isUnderWay ? undefined : { result: await work(place) }
      })
      this.#nudge.now()
      if (done !== undefined) return done.result
      if (performance.now() > untilMs) throw new AllocationError('allocation/under-way')
      await pause(100, this.#stopping.signal)
    }
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { lookEveryMs = LOOK_EVERY_MS, settleMs = SETTLE_MS } = this.#options
    while (!signal.aborted) {
      for (const place of this.#places.values()) {
        if (signal.aborted) return
        try {
          await this.#alone.run(place.seat.organisation, () => this.#look(place))
        } catch (failure) {
          if (!signal.aborted && !(failure instanceof ContextUnavailableError)) this.#complain('allocation.not-looked', failure)
        }
      }
      await this.#nudge.sleep(lookEveryMs)
      if (!signal.aborted) await pause(settleMs, signal)
    }
  }

  async #look(place: SeatAllocation): Promise<void> {
    const { hasChanged } = await place.look()
    if (hasChanged) await this.#takeBack(place)
    if (hasChanged)
      this.#options.events.publish({ audience: { organisation: place.seat.organisation }, event: { type: 'allocation.changed' } })
  }

  /** Own cases whose accepted place is no longer offered wait again; those that a crash left between two writes are set right. */
  async #takeBack(place: SeatAllocation): Promise<void> {
    const { moves, cases } = this.#options
    const { slug, organisation } = place.tenant
    const lost = new Set(place.standing?.merged.allocation.lost.map(({ pseudonym }) => pseudonym))
    const own = await cases.all(organisation)
    for (const [caseId, { held }] of await moves.all(slug)) {
      if (held === null) continue
      const isLost = lost.has(moves.pseudonymOf(slug, caseId))
      if (isLost) await this.#free(place, caseId, held.by)
      else if (own.get(caseId)?.status === 'waiting') await cases.setStatus(organisation, caseId, 'allocated', held.by)
    }
  }

  async #free({ tenant }: SeatAllocation, caseId: CaseId, by: AccountAddress): Promise<void> {
    const { moves, cases } = this.#options
    await moves.change(tenant.slug, caseId, (move: CaseMove) => ({ ...move, held: null }))
    const status = (await cases.all(tenant.organisation)).get(caseId)?.status
    if (status === 'allocated') await cases.setStatus(tenant.organisation, caseId, 'waiting', by)
  }

  async #listen(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const { kind } of await this.#options.circle.events({ signal })) if (HEARD.has(kind)) this.#nudge.now()
      } catch (failure) {
        if (signal.aborted) return
        const isExpected = failure instanceof EventsMissedError || failure instanceof ContextUnavailableError
        if (!isExpected) this.#complain('allocation.not-heard', failure)
      }
      this.#nudge.now()
      if (!signal.aborted) await pause(AWAY_MS, signal)
    }
  }

  #complain(event: string, failure: unknown): void {
    this.#options.log.error({ event, cause: framesOf(failure) }, 'will be tried again')
  }
}
