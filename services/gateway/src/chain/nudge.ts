/** Makes a loop that sleeps between its turns wake up early, and tells when a turn that began after a call has ended. */
export class Nudge {
  #turn = 0
  #isNudged = false
  #wake: (() => void) | undefined
  #waiting: { readonly turn: number; readonly resolve: (isDone: true) => void }[] = []

  /** Begins a turn; give its number to `ended`. */
  began(): number {
    return ++this.#turn
  }

  /** A turn ended well. */
  ended(turn: number): void {
    for (const waiting of this.#waiting) if (waiting.turn <= turn) waiting.resolve(true)
    this.#waiting = this.#waiting.filter((waiting) => waiting.turn > turn)
  }

  /** Wakes the loop, or makes it skip its next sleep. */
  now(): void {
    this.#isNudged = true
    this.#wake?.()
  }

  /** Wakes the loop and waits for the end of a turn that begins from now on, `withinMs` at the longest; false when none ended by then. */
  async nextTurn(withinMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const timer = setTimeout(() => resolve(false), withinMs)
    this.#waiting.push({ turn: this.#turn + 1, resolve })
    this.now()
    const isDone = await promise
    clearTimeout(timer)
    return isDone
  }

  /** Sleeps, unless woken. */
  async sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, ms)
    this.#wake = resolve
    if (!this.#isNudged) await promise
    this.#isNudged = false
    clearTimeout(timer)
  }
}
