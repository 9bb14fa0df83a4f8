/** Least distance of two readings. The app's logical clock keeps 1/2^28 s, so closer ones could fall together. */
const STEP_NS = 1_000n

/**
 * The time that the app sees, in nanoseconds since 1970. It never stands still and never goes back, not even over a restart or when
 * somebody sets the machine's clock: of two writes the app keeps the one with the later time.
 */
export class GuestClock {
  readonly #nowMs: () => number
  #lastNs: bigint

  /** @param lastNs - The last reading before the restart, 0 when there was none. */
  constructor(lastNs: bigint, nowMs: () => number = Date.now) {
    this.#lastNs = lastNs
    this.#nowMs = nowMs
  }

  /** The latest reading so far. */
  get lastNs(): bigint {
    return this.#lastNs
  }

  read(): bigint {
    const wallNs = BigInt(this.#nowMs()) * 1_000_000n
    const nextNs = this.#lastNs + STEP_NS
    this.#lastNs = wallNs > nextNs ? wallNs : nextNs
    return this.#lastNs
  }
}
