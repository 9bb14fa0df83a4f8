import type { Change, Keyspace } from './keyspace.ts'

/** Changes of one call to one store: made at once, so that the call sees them, and taken back when the call fails. */
export class Transaction {
  readonly #keyspace: Keyspace
  readonly #plainBefore = new Map<string, string | undefined>()
  readonly #orderedBefore = new Map<string, string | undefined>()

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace
  }

  get(key: string): string | undefined {
    return this.#keyspace.plain.get(key)
  }

  /** @returns What was there before. */
  set(key: string, value: string): string | undefined {
    const before = this.#keyspace.plain.get(key)
    remember(this.#plainBefore, key, before)
    this.#keyspace.plain.set(key, value)
    return before
  }

  /** @returns What was there before. */
  remove(key: string): string | undefined {
    const before = this.#keyspace.plain.get(key)
    if (before === undefined) return undefined
    remember(this.#plainBefore, key, before)
    this.#keyspace.plain.delete(key)
    return before
  }

  setOrdered(key: string, value: string): void {
    remember(this.#orderedBefore, key, this.#keyspace.ordered.get(key))
    this.#keyspace.ordered.set(key, value)
  }

  removeOrdered(key: string): void {
    const before = this.#keyspace.ordered.get(key)
    if (before === undefined) return
    remember(this.#orderedBefore, key, before)
    this.#keyspace.ordered.delete(key)
  }

  removeOrderedWith(prefix: string): void {
    for (const key of this.#keyspace.ordered.keysWith(prefix)) this.removeOrdered(key)
  }

  /** Pairs from `low` on and before `high`, past the first `skip`, at most `most`. */
  scan(low: string, high: string, skip: number, most: number): [string, string][] {
    const { ordered } = this.#keyspace
    return ordered.page(low, high, skip, most).map((key) => [key, ordered.get(key) ?? ''])
  }

  /** The last such pair. */
  last(low: string, high: string): [string, string] | undefined {
    const { ordered } = this.#keyspace
    const key = ordered.last(low, high)
    return key === undefined ? undefined : [key, ordered.get(key) ?? '']
  }

  /** What is other than before; a value written over with itself is not. */
  changes(): Change[] {
    const changes: Change[] = []
    for (const [key, before] of this.#plainBefore) {
      const value = this.#keyspace.plain.get(key)
      if (value !== before) changes.push({ isOrdered: false, key, value })
    }
    for (const [key, before] of this.#orderedBefore) {
      const value = this.#keyspace.ordered.get(key)
      if (value !== before) changes.push({ isOrdered: true, key, value })
    }
    return changes
  }

  /** Takes everything back. */
  rollBack(): void {
    for (const [key, value] of this.#plainBefore) this.#keyspace.apply({ isOrdered: false, key, value })
    for (const [key, value] of this.#orderedBefore) this.#keyspace.apply({ isOrdered: true, key, value })
    this.#plainBefore.clear()
    this.#orderedBefore.clear()
  }
}

function remember(before: Map<string, string | undefined>, key: string, value: string | undefined): void {
  if (!before.has(key)) before.set(key, value)
}
