import {
  type ChainEvent,
  ChainUnreachableError,
  type Cursor,
  type Deployment,
  type EventBatch,
  EventReader,
  type PendingEvent,
  readChainId,
  watchHeads,
} from '@medsync/chain'
import type { AccountAddress } from '@medsync/protocol'
import type { Logger } from 'pino'
import type { Participant, Roles } from '../auth/roles.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../database/database.ts'
import { ChainUnavailableError, ConfigurationError } from '../gatewayErrors.ts'
import { framesOf } from '../http/framesOf.ts'
import type { KeyRing } from '../keys/keyRing.ts'
import { ChainState } from './chainState.ts'
import { EventStore } from './eventStore.ts'
import { Nudge } from './nudge.ts'
import { Reach } from './reach.ts'
import { SetAsideLog } from './setAsideLog.ts'

/** How long roles may be told from memory while the chain cannot be reached. A suspension in that time would not be heard of. */
const ROLES_LIVE_MS = 120_000
/** How long after the last look at the chain the memory still counts as current. */
const FRESH_MS = 5_000
const LONGEST_PAUSE_MS = 2_000
const REFRESH_MS = 2_000

/** What changed in one step; `isNews` is false for what is read after a start, long after it happened. */
export type ChainChange = { readonly events: readonly ChainEvent[]; readonly isNews: boolean }

/** What following a chain needs. */
export type FollowOptions = {
  readonly deployment: Deployment
  readonly database: Database
  readonly keys: KeyRing
  readonly clock: Clock
  readonly log: Logger
  /** How often to look when nothing nudges, milliseconds. A node with a WebSocket nudges at every block. */
  readonly everyMs: number
}

/**
 * Follows the chain: events go to the database with the cursor, and from there to memory. Recovers by itself when the node was away, when
 * the chain was reorganised, and when this process was killed at any moment.
 */
export class FollowedChain implements Roles {
  readonly deployment: Deployment
  readonly #options: FollowOptions
  readonly #reader: EventReader
  readonly #store: EventStore
  readonly #reach: Reach
  readonly #setAsideLog: SetAsideLog
  readonly #nudge = new Nudge()
  readonly #listeners = new Set<(change: ChainChange) => void>()
  readonly #stopping = new AbortController()
  #state = new ChainState()
  #pending: readonly PendingEvent[] = []
  #cursor: Cursor | undefined
  #headTimeS = 0
  #hasCaughtUp = false
  #lastLookMs = Number.NEGATIVE_INFINITY
  #isOurChain = false
  #loop: Promise<unknown> = Promise.resolve()

  constructor(options: FollowOptions) {
    this.deployment = options.deployment
    this.#options = options
    this.#reader = new EventReader(options.deployment)
    this.#store = new EventStore(options.database, options.deployment, options.keys)
    this.#reach = new Reach(options.log)
    this.#setAsideLog = new SetAsideLog(options.log)
  }

  /** What the contracts hold, as far as it is read. Take it anew each time: a reorganisation puts another in its place. */
  get state(): ChainState {
    return this.#state
  }

  /** Last block that is read. */
  get blockNumber(): number {
    return this.#cursor?.blockNumber ?? -1
  }

  /** Events that this version cannot read: kept, and not believed. Survives a restart. */
  get setAside(): number {
    return this.#state.setAside
  }

  /** Present time for decisions, seconds: the machine's, or the chain's where that is ahead. */
  nowS(): number {
    return Math.max(this.#options.clock.nowS(), this.#headTimeS)
  }

  /** Whether the node answered when it was last asked. */
  isReachable(): boolean {
    return this.#reach.isReachable === true
  }

  /** Whether memory is as new as the chain. */
  isCaughtUp(): boolean {
    const freshMs = Math.max(FRESH_MS, 10 * this.#options.everyMs)
    return this.isReachable() && this.#hasCaughtUp && performance.now() - this.#lastLookMs < freshMs
  }

  /**
   * Fails unless decisions may be made now.
   * @throws {ChainUnavailableError} `chain/unreachable` or `chain/behind`.
   */
  requireFresh(): void {
    if (this.#reach.isReachable === false) throw new ChainUnavailableError('chain/unreachable')
    if (!this.isCaughtUp()) throw new ChainUnavailableError('chain/behind')
  }

  organisationOf(account: AccountAddress): Participant | undefined {
    this.#requireRoles()
    return this.#state.participants.ofOperator(account)
  }

  participants(): readonly Participant[] {
    this.#requireRoles()
    return this.#state.participants.all()
  }

  /** Calls `listen` after each step; the result ends it. */
  onChange(listen: (change: ChainChange) => void): () => void {
    this.#listeners.add(listen)
    return () => this.#listeners.delete(listen)
  }

  /** Calls `listen` when the node goes away and when it is back; the result ends it. */
  onReach(listen: (isReachable: boolean) => void): () => void {
    return this.#reach.onChange(listen)
  }

  /** Starts to follow. Does not wait for anything: what asks too early is told `chain/behind`. */
  start(): void {
    const { signal } = this.#stopping
    const { wsUrl } = this.deployment
    const watching = wsUrl === undefined ? undefined : watchHeads(wsUrl, () => this.nudge(), signal)
    this.#loop = Promise.all([this.#follow(signal), watching])
  }

  /** Looks at once: something of our own just happened. */
  nudge(): void {
    this.#nudge.now()
  }

  /**
   * Looks at once, and waits until that is done, or for two seconds. For what somebody just did and tells us of before its event does.
   * @returns Whether memory now has all that the chain had when this was called.
   */
  async refresh(): Promise<boolean> {
    return await this.#nudge.nextTurn(REFRESH_MS)
  }

  /** Ends following; a step that was begun is finished or given up whole. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#nudge.now()
    await this.#loop
  }

  async #follow(signal: AbortSignal): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      const turn = this.#nudge.began()
      try {
        await this.#look(signal)
        this.#nudge.ended(turn)
        failures = 0
      } catch (failure) {
        if (signal.aborted) return
        this.#failed(failure, failures++)
      }
      if (!signal.aborted) await this.#nudge.sleep(Math.min(LONGEST_PAUSE_MS, this.#options.everyMs * 2 ** Math.min(failures, 10)))
    }
  }

  /** What is pre-confirmed is read first and taken in last: an end of a consent never falls between the two. */
  async #look(signal: AbortSignal): Promise<void> {
    await this.#checkChain(signal)
    const start = this.#cursor ?? (await this.#load())
    const pending = await this.#reader.pending({ signal })
    this.#reach.set(true)
    this.#state.setPending([...this.#pending, ...pending])
    for await (const batch of this.#reader.read(start, { signal })) await this.#take(batch)
    this.#pending = pending
    this.#state.setPending(pending)
    this.#lastLookMs = performance.now()
    if (!this.#hasCaughtUp) this.#options.log.info({ event: 'chain.caught-up', block: this.blockNumber }, 'chain read')
    this.#hasCaughtUp = true
  }

  async #load(): Promise<Cursor> {
    const kept = await this.#store.load(() =>
      this.#options.log.error(
        { event: 'chain.events-not-authentic' },
        'stored events were changed by hand; all are read from the chain again',
      ),
    )
    const state = new ChainState()
    state.apply(kept?.events ?? [])
    state.setPending(this.#pending)
    const cursor = kept?.cursor ?? this.#reader.start()
    this.#state = state
    this.#cursor = cursor
    this.#headTimeS = cursor.recent.at(-1)?.timestampS ?? 0
    if (state.setAside > 0) this.#options.log.warn({ event: 'chain.set-aside-kept', events: state.setAside }, 'events that cannot be read')
    return cursor
  }

  async #take(batch: EventBatch): Promise<void> {
    await this.#store.store(batch)
    if (batch.kind === 'rollback') {
      this.#options.log.warn({ event: 'chain.reorganised', toBlock: batch.toBlock }, 'blocks were taken back')
      await this.#load()
      this.#tell({ events: [], isNews: this.#hasCaughtUp })
      return
    }
    this.#state.apply(batch.events)
    for (const event of batch.events) if (event.type === 'SetAside') this.#setAsideLog.tell(event)
    this.#cursor = batch.cursor
    this.#headTimeS = Math.max(batch.head.timestampS, this.#headTimeS)
    this.#tell({ events: batch.events, isNews: this.#hasCaughtUp })
  }

  async #checkChain(signal: AbortSignal): Promise<void> {
    if (this.#isOurChain) return
    const chainId = await readChainId(this.deployment, { signal })
    if (chainId !== this.deployment.chainId) throw new ConfigurationError('config/deployment', `the node is on chain ${chainId}`)
    this.#isOurChain = true
  }

  #failed(failure: unknown, failures: number): void {
    if (failure instanceof ChainUnreachableError) {
      // What answers again may be another chain.
      this.#isOurChain = false
      this.#reach.set(false)
      return
    }
    // Memory may have taken in half of what is stored: it is made anew.
    this.#cursor = undefined
    if (failures === 0) this.#options.log.error({ event: 'chain.not-followed', cause: framesOf(failure) }, 'the chain is not followed')
  }

  #tell(change: ChainChange): void {
    for (const listen of this.#listeners) listen(change)
  }

  #requireRoles(): void {
    if (!this.#hasCaughtUp) throw new ChainUnavailableError(this.#reach.isReachable === false ? 'chain/unreachable' : 'chain/behind')
    if (performance.now() - this.#lastLookMs > ROLES_LIVE_MS) throw new ChainUnavailableError('chain/unreachable')
  }
}
