import { ContextUnavailableError } from '@medsync/context'
import { type ContextEvent, EngineError, EventsMissedError } from '@medsync/context/engine'
import type { Logger } from 'pino'
import * as z from 'zod'
import { Nudge } from '../chain/nudge.ts'
import type { Database } from '../database/database.ts'
import { framesOf } from '../http/framesOf.ts'
import type { Tenants } from '../tenants/tenants.ts'
import { admitSeats } from './admitSeats.ts'
import type { Catalogue } from './catalogue.ts'
import type { Circle } from './circle.ts'
import type { ContextKeys } from './contextKeys.ts'
import type { Filings } from './filings.ts'
import { linkedRecords } from './linkedRecords.ts'
import type { Publisher } from './publisher.ts'

const LOOK_EVERY_MS = 2_000
const AWAY_EVERY_MS = 500
/** For the simplest question that there is. */
const ANSWER_WITHIN_MS = 10_000
/** Filings put into the circle between two looks at the signal. */
const AT_ONCE = 100

const listedSchema = z.object({ record: z.string(), executor: z.string() })

/** What the bridge binds together. */
export type BridgeOptions = {
  readonly circle: Circle
  readonly catalogue: Catalogue
  readonly publisher: Publisher
  readonly filings: Filings
  readonly keys: ContextKeys
  readonly database: Database
  readonly tenants: Tenants
  readonly log: Logger
  /** Puts our keys on chain where others need them; see `publishKeys`. */
  readonly publishKeys: () => Promise<void>
}

/**
 * Keeps the circle and what this gateway knows in step. What was filed or linked here while the circle was away goes in when it is back, a
 * circle that lost everything is filled anew, and terms are sealed to a hospital that comes to hold a record of their patient. Everything it
 * does may be done twice.
 */
export class ContextBridge {
  readonly #options: BridgeOptions
  readonly #nudge = new Nudge()
  readonly #stopping = new AbortController()
  readonly #listeners = new Set<(isReachable: boolean) => void>()
  readonly #memberListeners = new Set<() => void>()
  #loops: Promise<unknown> = Promise.resolve()
  #isReachable: boolean | undefined
  #isBehind = true

  constructor(options: BridgeOptions) {
    this.#options = options
  }

  /** Whether the circle answered when it was last asked. */
  isReachable(): boolean {
    return this.#isReachable === true
  }

  /** Calls `listen` when the circle goes away and when it is back; the result ends it. */
  onReach(listen: (isReachable: boolean) => void): () => void {
    this.#listeners.add(listen)
    return () => this.#listeners.delete(listen)
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
        const isAway = failure instanceof ContextUnavailableError
        if (isAway) this.#reach(false, reasonOf(failure))
        else if (failures === 0) this.#options.log.error({ event: 'context.not-kept', cause: framesOf(failure) }, 'will be tried again')
        this.#isBehind = true
        failures += 1
      }
      await this.#nudge.sleep(failures === 0 ? LOOK_EVERY_MS : Math.min(LOOK_EVERY_MS, AWAY_EVERY_MS * failures))
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { is_member } = await this.#whoami(signal)
    if (this.#isBehind || !is_member) {
      this.#isBehind = false
      await this.#repair(signal)
    }
    this.#reach(true)
  }

  /** A node may be there and never answer again. */
  async #whoami(signal: AbortSignal): Promise<{ is_member: boolean }> {
    const late = AbortSignal.timeout(ANSWER_WITHIN_MS)
    try {
      return await this.#options.circle.ask('whoami', {}, { signal: AbortSignal.any([signal, late]) })
    } catch (cause) {
      throw late.aborted ? new ContextUnavailableError({ cause }) : cause
    }
  }

  async #repair(signal: AbortSignal): Promise<void> {
    const { circle, catalogue, log } = this.#options
    const waiting = await admitSeats(this.#options)
    await this.#publishKeys()
    if (waiting.length > 0) {
      log.warn({ event: 'context.not-admitted', seats: waiting.map(({ name }) => name) }, 'ask the keeper of the circle to admit them')
      throw new ContextUnavailableError()
    }
    const listed = await catalogue.ownListings()
    await catalogue.bringInLine(listed, await linkedRecords(this.#options))
    const filed = await this.#fileMissing(signal)
    log.info({ event: 'context.in-step', circle: await circle.id(), filed }, 'the circle has what we have')
  }

  /** Needs the chain, which may be away: then the rest goes on. */
  async #publishKeys(): Promise<void> {
    try {
      await this.#options.publishKeys()
    } catch (cause) {
      this.#isBehind = true
      this.#options.log.warn({ event: 'context.key-not-published', cause: framesOf(cause) }, 'will be tried again')
    }
  }

  async #fileMissing(signal: AbortSignal): Promise<number> {
    const { circle, filings, publisher } = this.#options
    const id = await circle.id()
    let count = 0
    for (let after = -1; ; ) {
      const missing = await filings.missingIn(id, after, AT_ONCE)
      for (const filing of missing) {
        signal.throwIfAborted()
        await publisher.publish(filing)
        count += 1
      }
      const last = missing.at(-1)
      if (last === undefined) return count
      after = last.sequence
    }
  }

  async #listen(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const event of await this.#options.circle.events({ signal })) await this.#hear(event)
      } catch (failure) {
        if (signal.aborted) return
        if (failure instanceof EventsMissedError) this.#options.circle.forgetMembers()
        else if (!(failure instanceof ContextUnavailableError))
          this.#options.log.warn({ event: 'context.not-heard', cause: framesOf(failure) }, 'listening again')
        this.fallBehind()
      }
      if (!signal.aborted) await pause(AWAY_EVERY_MS, signal)
    }
  }

  async #hear({ kind, data }: ContextEvent): Promise<void> {
    const { circle, catalogue, publisher } = this.#options
    if (kind === 'MemberAdmitted' || kind === 'MemberRemoved') {
      circle.forgetMembers()
      for (const listen of this.#memberListeners) listen()
      // Whom we seal to, and who must find our key on chain, has changed.
      this.fallBehind()
    }
    const listed = kind === 'RecordListed' ? listedSchema.safeParse(data) : undefined
    if (!listed?.success) return
    const own = await Promise.all(circle.seats.map((seat) => circle.executorOf(seat)))
    if (own.includes(listed.data.executor)) return
    const patient = await catalogue.patientOf(listed.data.record, listed.data.executor)
    if (patient !== undefined) await publisher.share(patient)
  }

  #reach(isReachable: boolean, reason?: string): void {
    if (this.#isReachable === isReachable) return
    this.#isReachable = isReachable
    const { log } = this.#options
    if (isReachable) log.info({ event: 'context.up' }, 'the private context answers')
    else log.warn({ event: 'context.down', reason }, 'nothing is filed, decided or released until it is back')
    for (const listen of this.#listeners) listen(isReachable)
  }
}

/** The engine's code for why it is away. */
function reasonOf({ cause }: ContextUnavailableError): string | undefined {
  return cause instanceof EngineError ? cause.code : undefined
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  signal.addEventListener('abort', () => resolve(), { once: true })
  await promise
  clearTimeout(timer)
}
