import { AllocationError } from './errors.ts'
import type { Hours, Market } from './market.ts'

/**
 * Refuses what would make "rank decides" mean nothing.
 * @throws {AllocationError} Naming the first contradiction by its ids.
 */
export function checkMarket({ facilities, specialists, cases, held }: Market): void {
  const known = new Set(facilities.map(({ id }) => id))
  unique('allocation/twice', facilities, ({ id }) => id)
  unique('allocation/twice', specialists, ({ id }) => id)
  unique('allocation/twice', [...cases, ...held], ({ pseudonym }) => pseudonym)
  // What is held was ranked before, among others.
  unique('allocation/same-rank', cases, ({ rank }) => String(rank))
  for (const { id, facility, hours } of specialists) {
    if (!known.has(facility)) throw new AllocationError('allocation/unknown-facility', id)
    if (overlap(hours)) throw new AllocationError('allocation/hours-overlap', id)
  }
  const stranded = cases.find(({ facility }) => !known.has(facility))
  if (stranded !== undefined) throw new AllocationError('allocation/unknown-facility', stranded.pseudonym)
}

function unique<T>(code: 'allocation/twice' | 'allocation/same-rank', items: readonly T[], keyOf: (item: T) => string): void {
  const seen = new Set<string>()
  for (const item of items) {
    const key = keyOf(item)
    if (seen.has(key)) throw new AllocationError(code, key)
    seen.add(key)
  }
}

function overlap(hours: readonly Hours[]): boolean {
  const sorted = hours.toSorted((one, other) => one.fromS - other.fromS)
  return sorted.some(({ fromS }, place) => place > 0 && fromS < (sorted[place - 1]?.toS ?? 0))
}
