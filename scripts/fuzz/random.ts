/** Random choices from a seed: the same seed makes the same choices, everywhere. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A whole number below 2^32 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + (this.next() % (most - least + 1))
  }

  /** True in `percent` of all cases. */
  chance(percent: number): boolean {
    return this.between(1, 1_000) <= percent * 10
  }

  /** One of these. @throws {RangeError} There are none. */
  pick<T>(values: readonly T[]): T {
    const value = values[this.next() % values.length]
    if (value === undefined) throw new RangeError('nothing to pick from')
    return value
  }

  /** One of these, or `otherwise` when there are none. */
  pickOr<T>(values: readonly T[], otherwise: T): T {
    return values.length === 0 ? otherwise : this.pick(values)
  }

  /** As many of these as wanted, at most all, none twice. */
  some<T>(values: readonly T[], count: number): T[] {
    const left = [...values]
    const taken: T[] = []
    while (taken.length < count && left.length > 0) taken.push(...left.splice(this.next() % left.length, 1))
    return taken
  }

  /** A felt that nobody used before. */
  felt(): bigint {
    return (BigInt(this.next()) << 64n) | (BigInt(this.next()) << 32n) | BigInt(this.next())
  }
}
