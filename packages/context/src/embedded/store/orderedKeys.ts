/**
 * Keys in byte order, for ranges. Binary strings compare as their bytes do.
 * A sorted array: 100,000 keys move in some 50 µs, and loading sorts once.
 */
export class OrderedKeys {
  readonly #values = new Map<string, string>()
  #sorted: string[] | undefined

  get size(): number {
    return this.#values.size
  }

  get(key: string): string | undefined {
    return this.#values.get(key)
  }

  set(key: string, value: string): void {
    if (!this.#values.has(key)) this.#sorted?.splice(this.#from(key), 0, key)
    this.#values.set(key, value)
  }

  delete(key: string): boolean {
    const isThere = this.#values.delete(key)
    if (isThere) this.#sorted?.splice(this.#from(key), 1)
    return isThere
  }

  /** Keys from `low` on and before `high`, in order. */
  keysIn(low: string, high: string): readonly string[] {
    if (high <= low) return []
    const sorted = this.#inOrder()
    return sorted.slice(this.#from(low), this.#from(high))
  }

  /** As many as wanted of `keysIn`, past the first `skip`. */
  page(low: string, high: string, skip: number, most: number): readonly string[] {
    if (high <= low || most <= 0) return []
    const sorted = this.#inOrder()
    const first = this.#from(low) + skip
    return sorted.slice(first, Math.min(this.#from(high), first + most))
  }

  /** Keys that begin so, in order. */
  keysWith(prefix: string): readonly string[] {
    const sorted = this.#inOrder()
    const first = this.#from(prefix)
    let end = first
    while (sorted[end]?.startsWith(prefix) === true) end += 1
    return sorted.slice(first, end)
  }

  /** The last key from `low` on and before `high`. */
  last(low: string, high: string): string | undefined {
    if (high <= low) return undefined
    const sorted = this.#inOrder()
    const key = sorted[this.#from(high) - 1]
    return key !== undefined && key >= low ? key : undefined
  }

  entries(): IterableIterator<[string, string]> {
    return this.#values.entries()
  }

  #inOrder(): string[] {
    this.#sorted ??= [...this.#values.keys()].sort(byBytes)
    return this.#sorted
  }

  /** Where the first key that is not before `key` stands. */
  #from(key: string): number {
    const sorted = this.#inOrder()
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((sorted[middle] ?? '') < key) low = middle + 1
      else high = middle
    }
    return low
  }
}

function byBytes(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
