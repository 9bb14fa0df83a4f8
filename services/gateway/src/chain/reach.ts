import type { Logger } from 'pino'

/** Whether a node answers, and who is told when that changes. Unknown until it was asked once. */
export class Reach {
  readonly #log: Logger
  readonly #listeners = new Set<(isReachable: boolean) => void>()
  #isReachable: boolean | undefined

  constructor(log: Logger) {
    this.#log = log
  }

  /** Undefined: nobody asked yet. */
  get isReachable(): boolean | undefined {
    return this.#isReachable
  }

  /** Takes in how the last question went, and tells when that is news; being there from the beginning is none. */
  set(isReachable: boolean): void {
    const before = this.#isReachable
    this.#isReachable = isReachable
    if (before === isReachable || (before === undefined && isReachable)) return
    this.#log[isReachable ? 'info' : 'warn'](
      { event: isReachable ? 'chain.up' : 'chain.down' },
      isReachable ? 'the chain is back' : 'the chain cannot be reached',
    )
    for (const listen of this.#listeners) listen(isReachable)
  }

  /** Calls `listen` when it changes; the result ends it. */
  onChange(listen: (isReachable: boolean) => void): () => void {
    this.#listeners.add(listen)
    return () => this.#listeners.delete(listen)
  }
}
