import rateLimit from '@fastify/rate-limit'
import type { AccountAddress } from '@medsync/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { RateLimitError } from '../gatewayErrors.ts'
import { addressOf } from './addressOf.ts'

/** Tries a minute. A hospital's staff may share one address; a portal that is open sends a few dozen. */
const A_MINUTE = {
  /** Requests of any kind from one address. */
  request: 1_200,
  /** Requests of one account, from all addresses. */
  account: 600,
  /** Tokens and cookies from one address that are not valid. */
  failure: 300,
  /** Sign-ins that one address starts or ends; each costs the node a call. */
  signIn: 300,
  /** Sign-ins from one address that fail. */
  failedSignIn: 100,
} as const
const MINUTE_MS = 60_000
/** Addresses and accounts that each limit remembers; then it forgets those that were seen least recently. */
const MOST_REMEMBERED = 50_000
/** Answered however often they are asked, so that whoever watches over the gateway is never shut out. */
const UNLIMITED: ReadonlySet<string> = new Set(['/health', '/ready'])

/** What is counted. */
export type Limit = keyof typeof A_MINUTE

declare module 'fastify' {
  interface FastifyInstance {
    limits: RequestLimits
  }
}

/** How often one address, or one account, may try. Kept in memory: a restart forgives. */
export class RequestLimits {
  readonly #limits: Record<Limit, ReturnType<FastifyInstance['createRateLimit']>>
  /** Whose requests these are, once their token was verified. */
  readonly #accounts = new WeakMap<FastifyRequest, AccountAddress>()

  constructor(app: FastifyInstance) {
    const limit = (max: number, keyGenerator: (request: FastifyRequest) => string = addressOf) => {
      // The type of the library leaves `cache` out; each limit has a store of this size.
      const options = { max, timeWindow: MINUTE_MS, cache: MOST_REMEMBERED, keyGenerator }
      return app.createRateLimit(options)
    }
    this.#limits = {
      request: limit(A_MINUTE.request),
      account: limit(A_MINUTE.account, (request) => this.#accounts.get(request) ?? ''),
      failure: limit(A_MINUTE.failure),
      signIn: limit(A_MINUTE.signIn),
      failedSignIn: limit(A_MINUTE.failedSignIn),
    }
  }

  /**
   * Counts one more from the request's address.
   * @throws {RateLimitError} There were too many in this minute.
   */
  async count(limit: Exclude<Limit, 'account'>, request: FastifyRequest): Promise<void> {
    refuse(await this.#limits[limit](request))
  }

  /**
   * Counts a request of an account whose token was verified: nobody else can use its tries up.
   * @throws {RateLimitError} There were too many in this minute, from whatever address.
   */
  async countAccount(request: FastifyRequest, account: AccountAddress): Promise<void> {
    this.#accounts.set(request, account)
    refuse(await this.#limits.account(request))
  }

  /**
   * Lets a request through unless its address has used all its tries up; counts nothing.
   * @throws {RateLimitError}
   */
  async check(limit: Exclude<Limit, 'account'>, request: FastifyRequest): Promise<void> {
    refuse(await this.#limits[limit](request, { increment: false }))
  }
}

/**
 * Counts every request before anything else is done with it: before guards, before its body is read, and also when there is no such route.
 * @returns The limits, which are at `app.limits` as well.
 */
export async function limitRequests(app: FastifyInstance): Promise<RequestLimits> {
  await app.register(rateLimit, { global: false })
  const limits = new RequestLimits(app)
  app.decorate('limits', limits)
  app.addHook('onRequest', async (request) => {
    if (!UNLIMITED.has(request.routeOptions.url ?? '')) await limits.count('request', request)
  })
  return limits
}

function refuse(tried: Awaited<ReturnType<ReturnType<FastifyInstance['createRateLimit']>>>): void {
  if (!tried.isAllowed && tried.isExceeded) throw new RateLimitError('rate/too-many', tried.ttlInSeconds)
}
