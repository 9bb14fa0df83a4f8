import type { ChainEvent } from '@medsync/chain'
import { isErrorCode, MedsyncError, type OrganisationId, type RequestId } from '@medsync/protocol'
import type { Logger } from 'pino'
import type { FollowedChain } from '../chain/followedChain.ts'
import type { KnownRequest } from '../chain/poolState.ts'
import { framesOf } from '../http/framesOf.ts'
import type { Tenant, Tenants } from '../tenants/tenants.ts'
import type { AnswerOptions, Outcome } from './answerCase.ts'
import { answerRequest } from './answerRequest.ts'
import { endReleases, sweepReleases } from './endReleases.ts'
import { expireRequest } from './expireRequest.ts'
import { isOutage } from './isOutage.ts'
import type { Operators } from './operators.ts'
import type { FailureCode, RequestJob, RequestJobs } from './requestJobs.ts'
import { type Laps, Stopwatch } from './stopwatch.ts'
import { Turns } from './turns.ts'

/** Requests worked on at the same time, besides one of each hospital; their transactions still go one after another for each account. */
const AT_ONCE = 4
const TICK_MS = 1_000
const SWEEP_EVERY_MS = 60_000
const LONGEST_BACKOFF_MS = 30_000
/** How long an overdue request is left to its own hospital before the research office's account ends it. */
const OFFICE_GRACE_S = 30

/** How long the process has to have stayed for each time that it ended in the middle of a request, before that is worked on again. */
const SUSPECTS_REST_MS = 3_000

/** What may change how a request that waits is judged. */
const WAKING: ReadonlySet<ChainEvent['type']> = new Set(['RequestOpened', 'Unpaused', 'ConsentRevoked', 'ConsentReplaced'])

/** What the worker needs. */
export type AccessWorkerOptions = Omit<AnswerOptions, 'queue' | 'signal' | 'watch' | 'isToRefuse' | 'guard'> & {
  readonly chain: FollowedChain
  readonly tenants: Tenants
  readonly operators: Operators
  readonly jobs: RequestJobs
  readonly log: Logger
  /** Ends all work; what was begun is taken up at the next start. */
  readonly stopping: AbortController
}

/** One answer, and how long its parts took. */
export type Answered = { readonly request: RequestId; readonly outcome: Outcome['kind']; readonly laps: Laps }

type Job = {
  readonly key: string
  readonly request: RequestId
  /** Hospital whose request it is, when its tries are counted. */
  readonly tenant?: Tenant
  readonly work: (signal: AbortSignal, watch: Stopwatch) => Promise<Outcome>
}
/** When to look again; `isWaiting` for something that the chain or the context will tell. */
type Retry = { readonly atMs: number; readonly failures: number; readonly isWaiting?: boolean }

/**
 * Sees to it that every request to a hospital served here, and every request of a study of ours, ends: settled, refused or expired. Driven by
 * the chain's events and by time. A request that fails again and again is parked for the hospital's staff and keeps no other from its answer;
 * one in the middle of which the process ended is worked on alone, so that no other is blamed when that happens again.
 */
export class AccessWorker {
  readonly #options: AccessWorkerOptions
  readonly #running = new Map<string, Promise<void>>()
  readonly #turns = new Turns(AT_ONCE)
  readonly #retries = new Map<string, Retry>()
  readonly #unfinished = new Map<RequestId, Tenant>()
  readonly #loaded = new Set<OrganisationId>()
  readonly #listeners = new Set<(answered: Answered) => void>()
  readonly #unsubscribe: (() => void)[] = []
  #timer: NodeJS.Timeout | undefined
  #isLoading = false
  #isAlone = false
  #startedMs = Number.POSITIVE_INFINITY
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
        this.#forgetExpired(events)
        if (events.some(({ type }) => WAKING.has(type))) this.#wakeWaiting()
        this.#pump()
      }),
      chain.onReach((isReachable) => {
        if (isReachable) this.wake()
      }),
    )
    this.#startedMs = performance.now()
    this.#timer = setInterval(() => this.#tick(), TICK_MS)
    this.#tick()
  }

  /** Looks at everything that waits again at once: something was filed, or the chain is back. */
  wake(): void {
    this.#wakeWaiting()
    this.#pump()
  }

  /**
   * Lets a request that is parked be tried again, or has it refused.
   * @returns Whether it was parked.
   */
  async release(tenant: Tenant, request: RequestId, state: 'trying' | 'refusing'): Promise<boolean> {
    const wasParked = await this.#options.jobs.release(tenant.slug, request, state)
    if (!wasParked) return false
    this.#retries.delete(keyOf(request))
    this.#tellProgress(request)
    this.#pump()
    return true
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
    for (const [key, { isWaiting, failures }] of this.#retries) {
      if ((isWaiting || failures === 0) && !this.#running.has(key)) this.#retries.delete(key)
    }
  }

  #tick(): void {
    if (!this.#options.chain.isCaughtUp()) return
    if (performance.now() - this.#lastSweepMs > SWEEP_EVERY_MS) {
      this.#lastSweepMs = performance.now()
      this.#turns.keepOnly(this.#due())
      sweepReleases(this.#options).catch((failure: unknown) => this.#report('release.not-swept', failure))
    }
    for (const [key, { atMs, failures }] of this.#retries) if (failures === 0 && atMs < performance.now()) this.#retries.delete(key)
    void this.#load()
    this.#pump()
  }

  /** Finds what an earlier run left between its journal and the chain, and what failed then; of each hospital by itself. */
  async #load(): Promise<void> {
    if (this.#isLoading) return
    this.#isLoading = true
    try {
      for (const tenant of this.#options.tenants.hospitals) {
        if (!this.#loaded.has(tenant.organisation)) await this.#loadOf(tenant)
      }
    } finally {
      this.#isLoading = false
    }
  }

  async #loadOf(tenant: Tenant): Promise<void> {
    const { jobs, journal, log } = this.#options
    try {
      const unfinished = await journal.unfinished(tenant.slug)
      const left = await jobs.load(tenant.slug)
      for (const request of unfinished) this.#unfinished.set(request, tenant)
      this.#loaded.add(tenant.organisation)
      if (unfinished.length > 0) log.info({ event: 'journal.unfinished', requests: unfinished }, 'taken up again')
      for (const { request, code, state } of left) {
        if (code === 'request/gateway-ended')
          log.warn({ event: 'request.broken-off', request, state }, 'the process ended in the middle of it')
        await this.#forgetIfOver(tenant, request)
      }
      this.#pump()
    } catch (failure) {
      this.#report('journal.not-read', failure)
    }
  }

  #pump(): void {
    const { stopping, chain } = this.#options
    if (this.#loaded.size === 0 || !chain.isCaughtUp()) return
    if (stopping.signal.aborted || this.#isAlone) return
    const suspect = this.#nextSuspect()
    if (suspect !== undefined) {
      if (this.#running.size > 0) return
      this.#isAlone = true
      this.#begin(suspect)
      return
    }
    for (let next = this.#next(); next !== undefined; next = this.#next()) this.#begin(next)
  }

  #next(): Job | undefined {
    if (this.#running.size >= AT_ONCE + this.#options.tenants.all.length) return undefined
    return this.#turns.next([...this.#due()].filter((job) => !this.#isBusyOrEarly(job) && this.#suspicionOf(job) === undefined))
  }

  /**
   * What the process may have ended from is worked on alone, and only when the process has stayed for a while: until then the others are
   * answered, and somebody who kills it again and again does not make a request look as if it did.
   */
  #nextSuspect(): Job | undefined {
    if (!this.#options.jobs.hasSuspects) return undefined
    const staysMs = performance.now() - this.#startedMs
    const suspects = [...this.#due()].flatMap((job) => {
      const attempts = this.#suspicionOf(job)
      return attempts === undefined || staysMs < attempts * SUSPECTS_REST_MS || this.#isBusyOrEarly(job) ? [] : [{ job, attempts }]
    })
    return suspects.toSorted((one, other) => one.attempts - other.attempts)[0]?.job
  }

  /** How often the process has ended in the middle of it; undefined when it is no suspect. */
  #suspicionOf({ request, tenant }: Job): number | undefined {
    const job = tenant === undefined ? undefined : this.#options.jobs.find(request)
    return job?.isSuspect === true ? job.attempts : undefined
  }

  #isBusyOrEarly({ key }: Job): boolean {
    return this.#running.has(key) || (this.#retries.get(key)?.atMs ?? 0) > performance.now()
  }

  #begin(job: Job): void {
    this.#turns.began(job)
    this.#running.set(
      job.key,
      this.#run(job)
        .catch((failure: unknown) => this.#report('request.not-answered', failure, job.request))
        .finally(() => {
          this.#turns.ended(job)
          this.#running.delete(job.key)
          this.#isAlone = false
          this.#pump()
        }),
    )
  }

  *#due(): Generator<Job> {
    const { chain, tenants, jobs } = this.#options
    for (const [id, tenant] of this.#unfinished) {
      const request = chain.state.pool.request(id)
      if (request !== undefined && request.state !== 'open' && !isParked(jobs.find(id))) yield this.#answerJob(tenant, request)
    }
    for (const request of chain.state.pool.openRequests()) {
      const tenant = tenants.find(request.hospital)
      if (tenant?.role === 'hospital' && tenant.operator !== undefined) {
        if (!this.#loaded.has(tenant.organisation)) continue
        if (!isParked(jobs.find(request.request))) yield this.#answerJob(tenant, request)
        else if (chain.nowS() >= request.expiresAtS) yield* this.#expireJob(request, tenant.organisation)
      } else if (chain.nowS() >= request.expiresAtS + OFFICE_GRACE_S) {
        yield* this.#expireJob(request, chain.state.pool.study(request.study)?.terms.organisation)
      }
    }
  }

  #answerJob(tenant: Tenant, request: KnownRequest): Job {
    const { jobs, operators } = this.#options
    return {
      key: keyOf(request.request),
      request: request.request,
      tenant,
      work: async (signal, watch) => {
        const queue = operators.queueOf(tenant.organisation)
        if (queue === undefined) return { kind: 'again', inMs: LONGEST_BACKOFF_MS }
        this.#unfinished.set(request.request, tenant)
        const guard = <T>(work: () => Promise<T>): Promise<T> => jobs.guard(tenant.slug, request.request, work)
        const isToRefuse = jobs.find(request.request)?.state === 'refusing'
        const outcome = await answerRequest({ ...this.#options, queue, signal, watch, isToRefuse, guard }, tenant, request)
        if (outcome.kind !== 'again') this.#unfinished.delete(request.request)
        return outcome
      },
    }
  }

  /** Money goes back in time whatever else fails, so these tries are not counted. */
  *#expireJob(request: KnownRequest, payer: OrganisationId | undefined): Generator<Job> {
    const { chain, tenants, operators } = this.#options
    const queue = payer === undefined || tenants.find(payer) === undefined ? undefined : operators.queueOf(payer)
    if (queue === undefined) return
    yield { key: `expire|${request.request}`, request: request.request, work: (signal) => expireRequest({ chain, queue, signal }, request) }
  }

  async #run(job: Job): Promise<void> {
    const { stopping, log, jobs } = this.#options
    const { key, request, tenant, work } = job
    const watch = new Stopwatch()
    try {
      const outcome = await work(stopping.signal, watch)
      if (tenant !== undefined && outcome.kind !== 'again') await jobs.ended(tenant.slug, request)
      // An answered request is open in memory until its event is read; looking sooner would be looking twice.
      const [inMs, isWaiting] = outcome.kind === 'again' ? [outcome.inMs, true] : [2_000, false]
      this.#retries.set(key, { atMs: performance.now() + inMs, failures: 0, isWaiting })
      if (outcome.kind !== 'again') log.info({ event: 'request.answered', request, outcome: outcome.kind, laps: watch.laps }, 'answered')
      for (const listen of this.#listeners) listen({ request, outcome: outcome.kind, laps: watch.laps })
    } catch (failure) {
      await this.#failed(job, failure)
    }
  }

  async #failed({ key, request, tenant }: Job, failure: unknown): Promise<void> {
    const isStopping = this.#options.stopping.signal.aborted
    const isNotItsDoing = isStopping || isOutage(failure)
    const failures = (this.#retries.get(key)?.failures ?? 0) + 1
    const atMs = performance.now() + Math.min(LONGEST_BACKOFF_MS, 500 * 2 ** failures)
    this.#retries.set(key, { atMs, failures, isWaiting: isNotItsDoing })
    const job = tenant === undefined || isNotItsDoing ? undefined : await this.#count(tenant, request, codeOf(failure))
    if (isStopping) return
    if (job?.state !== 'parked') {
      this.#report('request.not-answered', failure, request)
      return
    }
    const { code, attempts } = job
    this.#options.log.error(
      { event: 'request.parked', request, code, attempts, cause: framesOf(failure) },
      'waits for the hospital’s staff',
    )
    this.#tellProgress(request)
  }

  async #count(tenant: Tenant, request: RequestId, code: FailureCode): Promise<RequestJob | undefined> {
    const { jobs } = this.#options
    try {
      return await jobs.failed(tenant.slug, request, code)
    } catch (failure) {
      this.#report('job.not-counted', failure, request)
    }
    return undefined
  }

  #forgetExpired(events: readonly ChainEvent[]): void {
    for (const event of events) {
      if (event.type !== 'RequestExpired' || this.#options.jobs.find(event.request) === undefined) continue
      const hospital = this.#options.chain.state.pool.request(event.request)?.hospital
      const tenant = hospital === undefined ? undefined : this.#options.tenants.find(hospital)
      if (tenant !== undefined) void this.#forgetIfOver(tenant, event.request)
    }
  }

  /** What has an end on chain, and in the journal, waits for nobody any more. */
  async #forgetIfOver(tenant: Tenant, request: RequestId): Promise<void> {
    const { chain, jobs } = this.#options
    const state = chain.state.pool.request(request)?.state
    if (state === undefined || state === 'open' || (state !== 'expired' && this.#unfinished.has(request))) return
    try {
      await jobs.ended(tenant.slug, request)
    } catch (failure) {
      this.#report('job.not-counted', failure, request)
    }
  }

  /** Portals of the hospital and of the office load the request again. */
  #tellProgress(id: RequestId): void {
    const { chain, events } = this.#options
    const request = chain.state.pool.request(id)
    if (request === undefined) return
    const office = chain.state.pool.study(request.study)?.terms.organisation
    for (const organisation of [request.hospital, ...(office === undefined ? [] : [office])]) {
      events.publish({ audience: { organisation }, event: { type: 'request.progress', digest: request.digest } })
    }
  }

  #report(event: string, failure: unknown, request?: RequestId): void {
    if (this.#options.stopping.signal.aborted) return
    this.#options.log.warn({ event, request, cause: framesOf(failure) }, 'will be tried again')
  }
}

function keyOf(request: RequestId): string {
  return `answer|${request}`
}

function isParked(job: RequestJob | undefined): boolean {
  return job?.state === 'parked'
}

function codeOf(failure: unknown): FailureCode {
  return failure instanceof MedsyncError && isErrorCode(failure.code) ? failure.code : 'request/unexpected'
}
