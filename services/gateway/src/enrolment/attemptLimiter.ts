import type { Clock } from '../clock.ts'
import { RateLimitError } from '../gatewayErrors.ts'

const MAX_KEYS = 50_000

/** Limits how often something may be tried by the same account or from the same address. Kept in memory: a restart forgives. */
export class AttemptLimiter {
  readonly #clock: Clock
  readonly #limit: { readonly tries: number; readonly windowS: number }
  readonly #tries = new Map<string, { count: number; sinceS: number }>()

  constructor(clock: Clock, limit: { tries: number; windowS: number }) {
    this.#clock = clock
    this.#limit = limit
  }

  /**
   * Counts one try.
   * @throws {RateLimitError} There were too many within the window.
   */
  count(key: string): void {
    const nowS = this.#clock.nowS()
    const known = this.#tries.get(key)
    const current = known !== undefined && nowS - known.sinceS < this.#limit.windowS ? known : { count: 0, sinceS: nowS }
    current.count += 1
    this.#tries.delete(key)
    this.#tries.set(key, current)
    if (this.#tries.size > MAX_KEYS) this.#forgetOldest()
    if (current.count > this.#limit.tries) throw new RateLimitError('rate/too-many', current.sinceS + this.#limit.windowS - nowS)
  }

  #forgetOldest(): void {
    const [oldest] = this.#tries.keys()
    if (oldest !== undefined) this.#tries.delete(oldest)
  }
}
