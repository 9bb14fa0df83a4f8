/** Work that waits for its turn; what has no tenant is nobody's in particular. */
export type Waiting = { readonly key: string; readonly tenant?: { readonly slug: string } }

/**
 * Whose turn it is. Every tenant has a turn as soon as it has none, however much the others wait for; beyond that there are so many turns at
 * once, and whoever has fewest comes first. Of one tenant's work, what was never looked at comes before what was, and then what was looked
 * at longest ago: however many requests wait and are looked at again and again, a new one is not behind them.
 */
export class Turns {
  readonly #atOnce: number
  /** When each was last begun, as a number that grows. */
  readonly #begun = new Map<string, number>()
  readonly #running = new Map<string, number>()
  #count = 0

  /** @param atOnce - Turns of all tenants together, unless some have none. */
  constructor(atOnce: number) {
    this.#atOnce = atOnce
  }

  /** What is to be begun next; undefined when nothing is. @param due - What could be begun now, oldest first. */
  next<T extends Waiting>(due: Iterable<T>): T | undefined {
    const running = [...this.#running.values()].reduce((sum, each) => sum + each, 0)
    let best: { readonly job: T; readonly of: number; readonly begun: number } | undefined
    for (const job of due) {
      const of = this.#running.get(tenantOf(job)) ?? 0
      if (of > 0 && running >= this.#atOnce) continue
      const begun = this.#begun.get(job.key) ?? 0
      if (best === undefined || of < best.of || (of === best.of && begun < best.begun)) best = { job, of, begun }
    }
    return best?.job
  }

  /** Work was begun. */
  began(job: Waiting): void {
    this.#count += 1
    this.#begun.set(job.key, this.#count)
    this.#running.set(tenantOf(job), (this.#running.get(tenantOf(job)) ?? 0) + 1)
  }

  /** Work has ended, for now. */
  ended(job: Waiting): void {
    const left = (this.#running.get(tenantOf(job)) ?? 0) - 1
    if (left > 0) this.#running.set(tenantOf(job), left)
    else this.#running.delete(tenantOf(job))
  }

  /** Forgets when work was begun that is no longer there. @param due - All that could still be begun. */
  keepOnly(due: Iterable<Waiting>): void {
    const keys = new Set([...due].map(({ key }) => key))
    for (const key of this.#begun.keys()) if (!keys.has(key)) this.#begun.delete(key)
  }
}

function tenantOf({ tenant }: Waiting): string {
  return tenant?.slug ?? ''
}
