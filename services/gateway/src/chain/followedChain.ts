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
import { ChainState } from './chainState.ts'
import { EventStore } from './eventStore.ts'

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
  readonly #listeners = new Set<(change: ChainChange) => void>()
  readonly #reachListeners = new Set<(isReachable: boolean) => void>()
  readonly #stopping = new AbortController()
  #state = new ChainState()
  #pending: readonly PendingEvent[] = []
  #cursor: Cursor | undefined
  #headTimeS = 0
  #isReachable: boolean | undefined
  #hasCaughtUp = false
  #lastLookMs = Number.NEGATIVE_INFINITY
  #isOurChain = false
  #isNudged = false
  #looks = 0
  #waiting: { readonly look: number; readonly resolve: () => void }[] = []
  #wake: (() => void) | undefined
  #loop: Promise<unknown> = Promise.resolve()

  constructor(options: FollowOptions) {
    this.deployment = options.deployment
    this.#options = options
    this.#reader = new EventReader(options.deployment)
    this.#store = new EventStore(options.database, options.deployment)
  }

  /** What the contracts hold, as far as it is read. Take it anew each time: a reorganisation puts another in its place. */
  get state(): ChainState {
    return this.#state
  }

  /** Last block that is read. */
  get blockNumber(): number {
    return this.#cursor?.blockNumber ?? -1
  }

  /** Present time for decisions, seconds: the machine's, or the chain's where that is ahead. */
  nowS(): number {
    return Math.max(this.#options.clock.nowS(), this.#headTimeS)
  }

  /** Whether the node answered when it was last asked. */
  isReachable(): boolean {
    return this.#isReachable === true
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
    if (this.#isReachable === false) throw new ChainUnavailableError('chain/unreachable')
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
    this.#reachListeners.add(listen)
    return () => this.#reachListeners.delete(listen)
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
    this.#isNudged = true
    this.#wake?.()
  }

  /** Looks at once, and waits until that is done, or for two seconds. For what somebody just did and tells us of before its event does. */
  async refresh(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, REFRESH_MS)
    this.#waiting.push({ look: this.#looks + 1, resolve })
    this.nudge()
    await promise
    clearTimeout(timer)
  }

  /** Ends following; a step that was begun is finished or given up whole. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#wake?.()
    await this.#loop
  }

  async #follow(signal: AbortSignal): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      try {
        await this.#look(signal)
        failures = 0
      } catch (failure) {
        if (signal.aborted) return
        this.#failed(failure, failures++)
      }
      await this.#pause(Math.min(LONGEST_PAUSE_MS, this.#options.everyMs * 2 ** Math.min(failures, 10)), signal)
    }
  }

  /** What is pre-confirmed is read first and taken in last: an end of a consent never falls between the two. */
  async #look(signal: AbortSignal): Promise<void> {
    const look = ++this.#looks
    await this.#checkChain(signal)
    if (this.#cursor === undefined) await this.#load()
    const pending = await this.#reader.pending({ signal })
    this.#reached(true)
    this.#state.setPending([...this.#pending, ...pending])
    try {
      for await (const batch of this.#reader.read(this.#cursor ?? this.#reader.start(), { signal })) await this.#take(batch)
    } catch (failure) {
      if (!(failure instanceof ChainUnreachableError)) this.#cursor = undefined
      throw failure
    }
    this.#pending = pending
    this.#state.setPending(pending)
    this.#lastLookMs = performance.now()
    if (!this.#hasCaughtUp) this.#options.log.info({ event: 'chain.caught-up', block: this.blockNumber }, 'chain read')
    this.#hasCaughtUp = true
    for (const waiting of this.#waiting) if (waiting.look <= look) waiting.resolve()
    this.#waiting = this.#waiting.filter((waiting) => waiting.look > look)
  }

  async #load(): Promise<void> {
    const kept = await this.#store.load()
    const state = new ChainState()
    state.apply(kept?.events ?? [])
    this.#state = state
    this.#cursor = kept?.cursor ?? this.#reader.start()
    this.#headTimeS = this.#cursor.recent.at(-1)?.timestampS ?? 0
  }

  async #take(batch: EventBatch): Promise<void> {
    await this.#store.store(batch)
    if (batch.kind === 'rollback') {
      this.#options.log.warn({ event: 'chain.reorganised', toBlock: batch.toBlock }, 'blocks were taken back')
      await this.#load()
      this.#state.setPending(this.#pending)
      this.#tell({ events: [], isNews: this.#hasCaughtUp })
      return
    }
    this.#state.apply(batch.events)
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
    const isUnreachable = failure instanceof ChainUnreachableError
    if (isUnreachable) {
      this.#isOurChain = false
      this.#reached(false)
    }
    if (failures === 0) {
      const cause = isUnreachable ? undefined : framesOf(failure)
      this.#options.log.warn({ event: isUnreachable ? 'chain.down' : 'chain.not-followed', cause }, 'the chain is not followed')
    }
  }

  #reached(isReachable: boolean): void {
    const before = this.#isReachable
    this.#isReachable = isReachable
    if (before === isReachable) return
    if (before !== undefined || !isReachable) for (const listen of this.#reachListeners) listen(isReachable)
    if (before === false) this.#options.log.info({ event: 'chain.up' }, 'the chain is back')
  }

  #tell(change: ChainChange): void {
    for (const listen of this.#listeners) listen(change)
  }

  #requireRoles(): void {
    if (!this.#hasCaughtUp) throw new ChainUnavailableError(this.#isReachable === false ? 'chain/unreachable' : 'chain/behind')
    if (performance.now() - this.#lastLookMs > ROLES_LIVE_MS) throw new ChainUnavailableError('chain/unreachable')
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, ms)
    this.#wake = resolve
    if (!this.#isNudged && !signal.aborted) await promise
    this.#isNudged = false
    clearTimeout(timer)
  }
}
