import type { ToldEvent } from './nodeMessage.ts'

/** Later than that, the same event from another node is taken for another event. */
const SAME_WITHIN_MS = 120_000
const SWEEP_EVERY_MS = 10_000

/** One event that was told, and by whom. */
type Told = { readonly atMs: number; readonly by: Set<string> }

/**
 * Makes one stream of what several nodes of a circle tell: each node tells each event once, sooner or later. An event that a node has
 * not told yet, but another has, is that one; an event that the same node tells again has happened again.
 */
export class EventMerger {
  readonly #nowMs: () => number
  readonly #told = new Map<string, Told[]>()
  #sweptAtMs = 0

  /** @param nowMs - A clock that never goes back, in milliseconds. */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs
  }

  /** Whether an event that a node tells is news. */
  isNew(node: string, event: ToldEvent): boolean {
    this.#forgetOld()
    const key = JSON.stringify([event.kind, event.data])
    const told = this.#told.get(key) ?? []
    const same = told.find(({ by }) => !by.has(node))
    if (same === undefined) this.#told.set(key, [...told, { atMs: this.#nowMs(), by: new Set([node]) }])
    else same.by.add(node)
    return same === undefined
  }

  /** Forgets all: after a gap nothing is known of who told what. */
  forget(): void {
    this.#told.clear()
  }

  #forgetOld(): void {
    if (this.#nowMs() - this.#sweptAtMs < SWEEP_EVERY_MS) return
    this.#sweptAtMs = this.#nowMs()
    const oldestMs = this.#sweptAtMs - SAME_WITHIN_MS
    for (const [key, told] of this.#told) {
      const young = told.filter(({ atMs }) => atMs > oldestMs)
      if (young.length === 0) this.#told.delete(key)
      else if (young.length < told.length) this.#told.set(key, young)
    }
  }
}
