/** Work that must not overlap with other work under the same key: whoever comes later waits. */
export class OneByOne<Key> {
  readonly #running = new Map<Key, Promise<unknown>>()

  /** Does the work when all that came before under the key has ended, however it ended. */
  async run<Result>(key: Key, work: () => Promise<Result>): Promise<Result> {
    const before = this.#running.get(key) ?? Promise.resolve()
    const own = before.catch(() => undefined).then(work)
    this.#running.set(key, own)
    try {
      return await own
    } finally {
      if (this.#running.get(key) === own) this.#running.delete(key)
    }
  }
}
