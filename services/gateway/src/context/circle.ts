import { ContextUnavailableError } from '@medsync/context'
import type { AppAnswers, AppArguments, AppMethod, MemberView } from '@medsync/context/app'
import { CalimeroEngine } from '@medsync/context/calimero'
import type { CallOptions, ContextEngine, ContextEvent } from '@medsync/context/engine'
import type { OrganisationId } from '@medsync/protocol'
import type { Tenants } from '../tenants/tenants.ts'
import type { CircleEngine } from './circleEngine.ts'

/** How long the list of members may be told from memory. */
const MEMBERS_LIVE_MS = 2_000

/** A place of ours in the circle: in the name of one tenant. */
export type Seat = {
  /** Slug of the tenant, and name of the member in the engine. */ readonly name: string
  readonly organisation: OrganisationId
}

/** What a circle needs. */
export type CircleOptions = {
  readonly engine: CircleEngine
  /** Names this circle and no other one: what was filed in another has to be filed again. */
  readonly idOf: (engine: ContextEngine) => string
  readonly tenants: Tenants
  /** Slugs of the tenants that have a place. */
  readonly seats: readonly string[]
}

/** The hospitals' circle, as this gateway takes part in it. */
export class Circle {
  /** Our places in it, in the order of the tenants. */
  readonly seats: readonly Seat[]
  readonly #engine: CircleEngine
  readonly #idOf: (engine: ContextEngine) => string
  #members: { readonly list: Promise<readonly MemberView[]>; readonly atMs: number } | undefined

  constructor({ engine, idOf, tenants, seats }: CircleOptions) {
    this.#engine = engine
    this.#idOf = idOf
    this.seats = tenants.all.filter(({ slug }) => seats.includes(slug)).map(({ slug, organisation }) => ({ name: slug, organisation }))
  }

  /** The place of an organisation, or the first one. */
  seatOf(organisation: OrganisationId | undefined): Seat {
    const seat = this.seats.find((each) => each.organisation === organisation) ?? this.seats[0]
    if (seat === undefined) throw new RangeError('a gateway has a place in the circle')
    return seat
  }

  /** See `CircleOptions.idOf`. */
  async id(): Promise<string> {
    return this.#idOf(await this.#engine.opened())
  }

  /** Calls the app in the name of a place; see `CircleEngine.call`. */
  async call<M extends AppMethod>(seat: Seat, method: M, args: AppArguments[M], options?: CallOptions): Promise<AppAnswers[M]> {
    return await this.#engine.call(seat.name, method, args, options)
  }

  /**
   * Reads in the name of any of our places that answers: each of their nodes has a copy.
   * @throws {ContextUnavailableError} None can be reached.
   */
  async ask<M extends AppMethod>(method: M, args: AppArguments[M], options?: CallOptions): Promise<AppAnswers[M]> {
    let failure: unknown
    for (const seat of this.seats) {
      try {
        return await this.call(seat, method, args, options)
      } catch (error) {
        if (!(error instanceof ContextUnavailableError)) throw error
        failure = error
      }
    }
    throw failure
  }

  /** Everyone who is or was a member. */
  async members(): Promise<readonly MemberView[]> {
    const kept = this.#members
    if (kept !== undefined && performance.now() - kept.atMs < MEMBERS_LIVE_MS) return await kept.list
    const list = this.ask('members', {})
    this.#members = { list, atMs: performance.now() }
    list.catch(() => this.forgetMembers())
    return await list
  }

  /** The list has changed. */
  forgetMembers(): void {
    this.#members = undefined
  }

  /** The public key of a place: who it is in the circle. */
  async executorOf(seat: Seat): Promise<string> {
    const { members } = await this.#engine.opened()
    const found = members.find(({ name }) => name === seat.name)
    if (found === undefined) throw new RangeError('every place is a member of the engine')
    return found.executor
  }

  /** What happens in the circle from now on. */
  async events(options: CallOptions): Promise<AsyncIterable<ContextEvent>> {
    return (await this.#engine.opened()).events(options)
  }

  /**
   * The Calimero nodes of our places; undefined in the embedded engine, which has one copy of the state.
   * @throws {ContextUnavailableError} They cannot be asked now.
   */
  async nodes(): Promise<CalimeroEngine | undefined> {
    const engine = await this.#engine.opened()
    return engine instanceof CalimeroEngine ? engine : undefined
  }

  /** Leaves the engine. */
  async close(): Promise<void> {
    await this.#engine.close()
  }
}
