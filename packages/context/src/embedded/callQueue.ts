/** One thing at a time, in order; what is urgent goes before what waits. */
export class CallQueue {
  readonly #waiting: (() => Promise<void>)[] = []
  #isBusy = false
  #whenIdle: (() => void)[] = []

  /** @returns What `task` gives, when its turn has come. */
  run<T>(task: () => Promise<T>, isUrgent = false): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const turn = () => task().then(resolve, reject)
      if (isUrgent) this.#waiting.unshift(turn)
      else this.#waiting.push(turn)
      void this.#work()
    })
  }

  /** Waits until nothing waits or runs. */
  async idle(): Promise<void> {
    if (!this.#isBusy && this.#waiting.length === 0) return
    await new Promise<void>((resolve) => this.#whenIdle.push(resolve))
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return
    this.#isBusy = true
    for (let turn = this.#waiting.shift(); turn !== undefined; turn = this.#waiting.shift()) await turn()
    this.#isBusy = false
    const waiters = this.#whenIdle
    this.#whenIdle = []
    for (const wake of waiters) wake()
  }
}
