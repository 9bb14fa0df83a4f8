import type { Logger } from 'pino'

/** Whether the private context can be used, told to the log and to listeners when it changes. */
export class Reachability {
  readonly #log: Logger
  readonly #listeners = new Set<(isReachable: boolean) => void>()
  #state: boolean | undefined

  constructor(log: Logger) {
    this.#log = log
  }

  get isReachable(): boolean {
    return this.#state === true
  }

  /** Calls `listen` at every change; the result ends it. */
  onChange(listen: (isReachable: boolean) => void): () => void {
    this.#listeners.add(listen)
    return () => this.#listeners.delete(listen)
  }

  /** @param reason - Code or words of why it cannot be used. */
  set(isReachable: boolean, reason?: string): void {
    if (this.#state === isReachable) return
    this.#state = isReachable
    if (isReachable) this.#log.info({ event: 'context.up' }, 'the private context answers')
    else this.#log.warn({ event: 'context.down', reason }, 'nothing is filed, decided or released until it is back')
    for (const listen of this.#listeners) listen(isReachable)
  }
}
