import { ContextUnavailableError } from '@medsync/context'
import { type ContextEvent, EngineError, EventsMissedError } from '@medsync/context/engine'
import type { Logger } from 'pino'
import { Nudge } from '../chain/nudge.ts'
import { pause } from '../chain/pause.ts'
import type { Database } from '../database/database.ts'
import type { Links } from '../enrolment/links.ts'
import { framesOf } from '../http/framesOf.ts'
import type { Tenants } from '../tenants/tenants.ts'
import { admitSeats } from './admitSeats.ts'
import type { Catalogue } from './catalogue.ts'
import type { Circle } from './circle.ts'
import type { ContextKeys } from './contextKeys.ts'
import type { Filings } from './filings.ts'
import { linkedRecords } from './linkedRecords.ts'
import type { Publisher } from './publisher.ts'
import { Reachability } from './reachability.ts'

const LOOK_EVERY_MS = 2_000
const AWAY_EVERY_MS = 500
/** What others do may make a repair necessary, and they may do it all the time. */
const REPAIR_EVERY_MS = 5_000
/** How long what cannot be done yet is left alone: a key that is not on chain, a filing that the app does not take. */
const RETRY_MS = 30_000
/** For the simplest question that there is. */
const ANSWER_WITHIN_MS = 10_000
/** Filings put into the circle between two looks at the signal. */
const AT_ONCE = 100

/** What the bridge binds together. */
export type BridgeOptions = {
  readonly circle: Circle
  readonly catalogue: Catalogue
  readonly publisher: Publisher
  readonly filings: Filings
  readonly keys: ContextKeys
  readonly database: Database
  readonly links: Links
  readonly tenants: Tenants
  readonly log: Logger
  /** Puts our keys on chain where others need them; see `publishKeys`. */
  readonly publishKeys: () => Promise<void>
}

/**
 * Keeps the circle and what this gateway knows in step. What was filed or linked here while the circle was away goes in when it is back, a
 * circle that lost everything is filled anew, and terms are sealed to whoever comes to need them. Everything it does may be done twice, and
 * nothing that a member files or says keeps it from the rest.
 */
export class ContextBridge {
  readonly #options: BridgeOptions
  readonly #nudge = new Nudge()
  readonly #stopping = new AbortController()
  readonly #reach: Reachability
  readonly #memberListeners = new Set<() => void>()
  #loops: Promise<unknown> = Promise.resolve()
  #isBehind = true
  #isAdmitted = false
  #mayHaveOtherMembers = false
  #membersSeen: string | undefined
  #repairNotBeforeMs = Number.NEGATIVE_INFINITY

  constructor(options: BridgeOptions) {
    this.#options = options
    this.#reach = new Reachability(options.log)
  }

  /** Whether the circle answered when it was last asked, and takes us for a member. */
  isReachable(): boolean {
    return this.#reach.isReachable
  }

  /** Calls `listen` when the circle goes away and when it is back; the result ends it. */
  onReach(listen: (isReachable: boolean) => void): () => void {
    return this.#reach.onChange(listen)
  }

  /** Calls `listen` when somebody was admitted or removed; the result ends it. */
  onMembers(listen: () => void): () => void {
    this.#memberListeners.add(listen)
    return () => this.#memberListeners.delete(listen)
  }

  /** Starts; waits for nothing. */
  start(): void {
    const { signal } = this.#stopping
    this.#loops = Promise.all([this.#watch(signal), this.#listen(signal)])
  }

  /** Something could not be brought into the circle: it is looked for soon. */
  fallBehind(): void {
    this.#isBehind = true
    this.#nudge.now()
  }

  /** Ends both loops, then leaves the circle. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#nudge.now()
    await this.#options.circle.close()
    await this.#loops
  }

  async #watch(signal: AbortSignal): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      try {
        await this.#look(signal)
        failures = 0
      } catch (failure) {
        if (signal.aborted) return
        if (!(failure instanceof ContextUnavailableError) && failures === 0) this.#complain('context.not-kept', failure)
        this.#reach.set(false, reasonOf(failure))
        this.#isBehind = true
        this.#repairNotBeforeMs = Number.NEGATIVE_INFINITY
        failures += 1
      }
      await this.#nudge.sleep(failures === 0 ? LOOK_EVERY_MS : Math.min(LOOK_EVERY_MS, AWAY_EVERY_MS * failures))
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const isMember = await this.#isMember(signal)
    await this.#noticeMembers()
    const isDue = performance.now() >= this.#repairNotBeforeMs
    if ((this.#isBehind || !isMember) && isDue) {
      this.#isBehind = false
      this.#repairNotBeforeMs = performance.now() + REPAIR_EVERY_MS
      await this.#repair(signal)
    }
    this.#reach.set(this.#isAdmitted, 'not admitted')
  }

  /** A node may be there and never answer again. */
  async #isMember(signal: AbortSignal): Promise<boolean> {
    const late = AbortSignal.timeout(ANSWER_WITHIN_MS)
    try {
      const { is_member } = await this.#options.circle.ask('whoami', {}, { signal: AbortSignal.any([signal, late]) })
      return is_member
    } catch (cause) {
      throw late.aborted ? new ContextUnavailableError({ cause }) : cause
    }
  }

  /** Events say that members have changed; the list says whether. Then all filings may have to be sealed to others. */
  async #noticeMembers(): Promise<void> {
    if (this.#membersSeen !== undefined && !this.#mayHaveOtherMembers) return
    this.#mayHaveOtherMembers = false
    const { circle, filings } = this.#options
    circle.forgetMembers()
    const seen = JSON.stringify(await circle.members())
    const hasChanged = this.#membersSeen !== undefined && this.#membersSeen !== seen
    this.#membersSeen = seen
    if (!hasChanged) return
    await filings.doubt()
    this.#isBehind = true
    for (const listen of this.#memberListeners) listen()
  }

  async #repair(signal: AbortSignal): Promise<void> {
    const { catalogue, log, circle } = this.#options
    const waiting = await admitSeats(this.#options)
    await this.#part('context.key-not-published', () => this.#options.publishKeys())
    this.#isAdmitted = waiting.length < circle.seats.length
    if (waiting.length > 0) {
      log.warn({ event: 'context.not-admitted', seats: waiting.map(({ name }) => name) }, 'ask the keeper of the circle to admit them')
      this.#isBehind = true
    }
    if (!this.#isAdmitted) return
    await this.#part('context.not-listed', async () => {
      await catalogue.bringInLine(await catalogue.ownListings(), await linkedRecords(this.#options))
    })
    await this.#part('context.not-filed', () => this.#fileMissing(signal))
    if (!this.#isBehind) log.info({ event: 'context.in-step', circle: await circle.id() }, 'the circle has what we have')
  }

  /** What fails for another reason than that the circle is away fails alone, and is tried again later. */
  async #part(event: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (failure) {
      if (failure instanceof ContextUnavailableError || this.#stopping.signal.aborted) throw failure
      this.#complain(event, failure)
      this.#isBehind = true
      this.#repairNotBeforeMs = performance.now() + RETRY_MS
    }
  }

  async #fileMissing(signal: AbortSignal): Promise<void> {
    const { circle, filings, publisher } = this.#options
    const id = await circle.id()
    let last: number | undefined = -1
    while (last !== undefined) {
      const missing = await filings.missingIn(id, last, AT_ONCE)
      for (const { sequence, filing } of missing) {
        signal.throwIfAborted()
        await this.#part('context.filing-not-published', async () => {
          if (filing === undefined) this.#options.log.error({ event: 'context.filing-damaged', sequence }, 'left out')
          else if (!(await publisher.publish(filing))) this.#tryAgainLater()
        })
      }
      last = missing.at(-1)?.sequence
    }
  }

  #tryAgainLater(): void {
    this.#isBehind = true
    this.#repairNotBeforeMs = performance.now() + RETRY_MS
  }

  async #listen(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const event of await this.#options.circle.events({ signal })) this.#hear(event)
      } catch (failure) {
        if (signal.aborted) return
        if (!(failure instanceof EventsMissedError || failure instanceof ContextUnavailableError))
          this.#complain('context.not-heard', failure)
      }
      this.#mayHaveOtherMembers = true
      if (!signal.aborted) await pause(AWAY_EVERY_MS, signal)
    }
  }

  #hear({ kind }: ContextEvent): void {
    if (kind !== 'MemberAdmitted' && kind !== 'MemberRemoved') return
    this.#mayHaveOtherMembers = true
    this.#nudge.now()
  }

  #complain(event: string, failure: unknown): void {
    this.#options.log.error({ event, cause: framesOf(failure) }, 'will be tried again')
  }
}

/** The engine's code for why it is away. */
function reasonOf(failure: unknown): string | undefined {
  return failure instanceof Error && failure.cause instanceof EngineError ? failure.cause.code : undefined
}
