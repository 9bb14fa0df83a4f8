import type { ChainEvent } from '@medsync/chain'
import type { RequestId } from '@medsync/protocol'
import type { Logger } from 'pino'
import type { FollowedChain } from '../chain/followedChain.ts'
import type { KnownRequest } from '../chain/poolState.ts'
import { framesOf } from '../http/framesOf.ts'
import type { Tenant, Tenants } from '../tenants/tenants.ts'
import type { AnswerOptions, Outcome } from './answerCase.ts'
import { answerRequest } from './answerRequest.ts'
import { endReleases, sweepReleases } from './endReleases.ts'
import { expireRequest } from './expireRequest.ts'
import type { Operators } from './operators.ts'
import { type Laps, Stopwatch } from './stopwatch.ts'

/** Requests worked on at the same time; their transactions still go one after another for each account. */
const AT_ONCE = 4
const TICK_MS = 1_000
const SWEEP_EVERY_MS = 60_000
const LONGEST_BACKOFF_MS = 30_000
/** How long an overdue request is left to its own hospital before the research office's account ends it. */
const OFFICE_GRACE_S = 30

/** What may change how a request that waits is judged. */
const WAKING: ReadonlySet<ChainEvent['type']> = new Set(['RequestOpened', 'Unpaused', 'ConsentRevoked', 'ConsentReplaced'])

/** What the worker needs. */
export type AccessWorkerOptions = Omit<AnswerOptions, 'queue' | 'signal' | 'watch'> & {
  readonly chain: FollowedChain
  readonly tenants: Tenants
  readonly operators: Operators
  readonly log: Logger
  /** Ends all work; what was begun is taken up at the next start. */
  readonly stopping: AbortController
}

/** One answer, and how long its parts took. */
export type Answered = { readonly request: RequestId; readonly outcome: Outcome['kind']; readonly laps: Laps }

type Job = { readonly key: string; readonly request: RequestId; readonly work: (signal: AbortSignal, watch: Stopwatch) => Promise<Outcome> }
/** When to look again; `isWaiting` for something that the chain will tell. */
type Retry = { readonly atMs: number; readonly failures: number; readonly isWaiting?: boolean }

/**
 * Sees to it that every request to a hospital served here, and every request of a study of ours, ends: settled, refused or expired. Driven by
 * the chain's events and by time; keeps nothing that a restart would need.
 */
export class AccessWorker {
  readonly #options: AccessWorkerOptions
  readonly #running = new Map<string, Promise<void>>()
  readonly #retries = new Map<string, Retry>()
  readonly #unfinished = new Map<RequestId, Tenant>()
  readonly #listeners = new Set<(answered: Answered) => void>()
  readonly #unsubscribe: (() => void)[] = []
  #timer: NodeJS.Timeout | undefined
  #isLoaded = false
  #isLoading = false
  #lastSweepMs = Number.NEGATIVE_INFINITY

  constructor(options: AccessWorkerOptions) {
    this.#options = options
  }

  /** Starts to work. */
  start(): void {
    const { chain } = this.#options
    this.#unsubscribe.push(
      chain.onChange(({ events }) => {
        endReleases(this.#options, events).catch((failure: unknown) => this.#report('release.not-ended', failure))
        if (events.some(({ type }) => WAKING.has(type))) this.#wakeWaiting()
        this.#pump()
      }),
      chain.onReach((isReachable) => {
        if (isReachable) this.wake()
      }),
    )
    this.#timer = setInterval(() => this.#tick(), TICK_MS)
    this.#tick()
  }

  /** Looks at everything again at once: something was filed, or the chain is back. */
  wake(): void {
    this.#retries.clear()
    this.#pump()
  }

  /** Calls `listen` after every try; the result ends it. */
  onAnswered(listen: (answered: Answered) => void): () => void {
    this.#listeners.add(listen)
    return () => this.#listeners.delete(listen)
  }

  /** Ends all work and waits until it has ended. */
  async stop(): Promise<void> {
    this.#options.stopping.abort()
    clearInterval(this.#timer)
    for (const end of this.#unsubscribe) end()
    await Promise.all(this.#running.values())
  }

  /** What waits without having failed is looked at again: a cohort has grown, the pool is no longer paused, or a consent has ended. */
  #wakeWaiting(): void {
    for (const [key, { isWaiting }] of this.#retries) if (isWaiting && !this.#running.has(key)) this.#retries.delete(key)
  }

  #tick(): void {
    if (!this.#options.chain.isCaughtUp()) return
    if (performance.now() - this.#lastSweepMs > SWEEP_EVERY_MS) {
      this.#lastSweepMs = performance.now()
      sweepReleases(this.#options).catch((failure: unknown) => this.#report('release.not-swept', failure))
    }
    for (const [key, { atMs, failures }] of this.#retries) if (failures === 0 && atMs < performance.now()) this.#retries.delete(key)
    if (this.#isLoaded) this.#pump()
    else void this.#load()
  }

  /** Finds what an earlier run left between its journal and the chain. */
  async #load(): Promise<void> {
    if (this.#isLoading) return
    this.#isLoading = true
    try {
      for (const tenant of this.#options.tenants.hospitals) {
        for (const request of await this.#options.journal.unfinished(tenant.slug)) this.#unfinished.set(request, tenant)
      }
      this.#isLoaded = true
      if (this.#unfinished.size > 0) {
        this.#options.log.info({ event: 'journal.unfinished', requests: [...this.#unfinished.keys()] }, 'taken up again')
      }
      this.#pump()
    } catch (failure) {
      this.#report('journal.not-read', failure)
    } finally {
      this.#isLoading = false
    }
  }

  #pump(): void {
    const { stopping, chain } = this.#options
    if (!this.#isLoaded || !chain.isCaughtUp()) return
    for (const job of this.#due()) {
      if (stopping.signal.aborted || this.#running.size >= AT_ONCE) return
      if (this.#running.has(job.key) || (this.#retries.get(job.key)?.atMs ?? 0) > performance.now()) continue
      this.#running.set(
        job.key,
        this.#run(job).finally(() => {
          this.#running.delete(job.key)
          this.#pump()
        }),
      )
    }
  }

  *#due(): Generator<Job> {
    const { chain, tenants } = this.#options
    for (const [id, tenant] of this.#unfinished) {
      const request = chain.state.pool.request(id)
      if (request !== undefined && request.state !== 'open') yield this.#answerJob(tenant, request)
    }
    for (const request of chain.state.pool.openRequests()) {
      const tenant = tenants.find(request.hospital)
      if (tenant?.role === 'hospital' && tenant.operator !== undefined) yield this.#answerJob(tenant, request)
      else if (chain.nowS() >= request.expiresAtS + OFFICE_GRACE_S) yield* this.#expireJob(request)
    }
  }

  #answerJob(tenant: Tenant, request: KnownRequest): Job {
    return {
      key: `answer|${request.request}`,
      request: request.request,
      work: async (signal, watch) => {
        const queue = this.#options.operators.queueOf(tenant.organisation)
        if (queue === undefined) return { kind: 'again', inMs: LONGEST_BACKOFF_MS }
        this.#unfinished.set(request.request, tenant)
        const outcome = await answerRequest({ ...this.#options, queue, signal, watch }, tenant, request)
        if (outcome.kind !== 'again') this.#unfinished.delete(request.request)
        return outcome
      },
    }
  }

  *#expireJob(request: KnownRequest): Generator<Job> {
    const { chain, tenants, operators } = this.#options
    const office = chain.state.pool.study(request.study)?.terms.organisation
    const queue = office === undefined || tenants.find(office) === undefined ? undefined : operators.queueOf(office)
    if (queue === undefined) return
    yield { key: `expire|${request.request}`, request: request.request, work: (signal) => expireRequest({ chain, queue, signal }, request) }
  }

  async #run({ key, request, work }: Job): Promise<void> {
    const { stopping, log } = this.#options
    const watch = new Stopwatch()
    try {
      const outcome = await work(stopping.signal, watch)
      // An answered request is open in memory until its event is read; looking sooner would be looking twice.
      const [inMs, isWaiting] = outcome.kind === 'again' ? [outcome.inMs, true] : [2_000, false]
      this.#retries.set(key, { atMs: performance.now() + inMs, failures: 0, isWaiting })
      if (outcome.kind !== 'again') log.info({ event: 'request.answered', request, outcome: outcome.kind, laps: watch.laps }, 'answered')
      for (const listen of this.#listeners) listen({ request, outcome: outcome.kind, laps: watch.laps })
    } catch (failure) {
      if (stopping.signal.aborted) return
      const failures = (this.#retries.get(key)?.failures ?? 0) + 1
      this.#retries.set(key, { atMs: performance.now() + Math.min(LONGEST_BACKOFF_MS, 500 * 2 ** failures), failures })
      this.#report('request.not-answered', failure, request)
    }
  }

  #report(event: string, failure: unknown, request?: RequestId): void {
    if (this.#options.stopping.signal.aborted) return
    this.#options.log.warn({ event, request, cause: framesOf(failure) }, 'will be tried again')
  }
}
