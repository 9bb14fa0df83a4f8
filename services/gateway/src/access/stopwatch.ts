/** Milliseconds that each part of the work took. */
export type Laps = Record<string, number>

/** Measures the parts of one piece of work, one after another. */
export class Stopwatch {
  readonly laps: Laps = {}
  #lastMs = performance.now()

  /** Ends a part; what follows belongs to the next one. A part that comes again adds up. */
  lap(part: string): void {
    const nowMs = performance.now()
    this.laps[part] = (this.laps[part] ?? 0) + nowMs - this.#lastMs
    this.#lastMs = nowMs
  }
}
