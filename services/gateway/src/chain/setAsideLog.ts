import type { SetAsideEvent } from '@medsync/chain'
import type { Logger } from 'pino'

/** Lines in one window; what comes besides is counted and told in the next line. */
const LINES = 20
const WINDOW_MS = 60_000

/**
 * Tells of events that cannot be read: one line each, with ids and codes only, and never more than so many a minute. Anybody can send
 * events, so nobody may fill the log with them.
 */
export class SetAsideLog {
  readonly #log: Logger
  readonly #nowMs: () => number
  #windowAtMs = Number.NEGATIVE_INFINITY
  #lines = 0
  #untold = 0

  /** @param nowMs - Any clock that does not go back, milliseconds. */
  constructor(log: Logger, nowMs: () => number = () => performance.now()) {
    this.#log = log
    this.#nowMs = nowMs
  }

  /** Tells of one event, or counts it when enough was told. */
  tell({ contract, of, reason, keys, at }: SetAsideEvent): void {
    if (this.#nowMs() - this.#windowAtMs >= WINDOW_MS) {
      this.#windowAtMs = this.#nowMs()
      this.#lines = 0
    }
    if (this.#lines >= LINES) {
      this.#untold += 1
      return
    }
    this.#lines += 1
    const where = { contract, of: of ?? keys[0] ?? 'none', reason, block: at.blockNumber, transaction: at.transaction }
    const untold = this.#untold === 0 ? {} : { untold: this.#untold }
    this.#untold = 0
    this.#log.warn({ event: 'chain.set-aside', ...where, ...untold }, 'an event cannot be read and is set aside')
  }
}
