import { checkMarket } from './checkMarket.ts'
import type { HeldPlace, Market, WaitingCase } from './market.ts'
import { type Place, Places, placeKey, type Way } from './places.ts'

/** What a case was given. Has a rank and no score: the type knows none. */
export type Allocated = {
  readonly pseudonym: string
  readonly rank: number
  readonly place: Place
  /** From where the case is. */ readonly distanceM: number
}

/** What came of an allocation. */
export type Allocation = {
  /** By rank. */ readonly allocated: readonly Allocated[]
  /** Cases that no place was left for, by rank. */ readonly waiting: readonly { readonly pseudonym: string; readonly rank: number }[]
  /** Held places that stand, by rank. */ readonly held: readonly HeldPlace[]
  /** Held places that are no longer offered, or are held too often, by rank: their cases have to be put in again. */
  readonly lost: readonly HeldPlace[]
}

/**
 * Gives each case, the most urgent first, the best place that is left for it: the nearest, then the earliest, then by id. What is held comes before. The only
 * stable allocation there is (see the README); the same market gives the same one.
 * @throws {AllocationError} The market contradicts itself.
 * @example
 * allocate(market).allocated[0] // { pseudonym: 'c-1', rank: 1, place: { specialist: 'dr-a', ... }, distanceM: 0 }
 */
export function allocate(market: Market): Allocation {
  checkMarket(market)
  const places = new Places(market)
  const { held, lost, left } = honour(market, places)
  const allocated: Allocated[] = []
  const waiting: { pseudonym: string; rank: number }[] = []
  const starts = new Map<readonly Way[], number>()
  for (const one of market.cases.toSorted(byRank)) {
    const ways = places.from(one.facility, one.specialty)
    const way = firstFit(one, ways, left, starts)
    if (way === undefined) waiting.push({ pseudonym: one.pseudonym, rank: one.rank })
    else {
      left.set(way.place, (left.get(way.place) ?? 0) - 1)
      allocated.push({ pseudonym: one.pseudonym, rank: one.rank, place: way.place, distanceM: way.distanceM })
    }
  }
  return { allocated, waiting, held, lost }
}

/** Whether a case may be given a place, were it free. */
export const suits = ({ facility, mayBeMoved, maxKm, declined }: WaitingCase, { place, distanceM }: Way): boolean =>
  (place.facility === facility || (mayBeMoved && distanceM <= (maxKm ?? Infinity) * 1_000)) && !declined.includes(place.specialist)

export const byRank = (one: { readonly rank: number }, other: { readonly rank: number }): number => one.rank - other.rank

/** What of each place is left when those that hold one have it. Where more hold a place than it takes, rank decides. */
function honour({ held }: Market, places: Places): { held: HeldPlace[]; lost: HeldPlace[]; left: Map<Place, number> } {
  const left = new Map(places.all.map((place) => [place, place.capacity]))
  const byKey = new Map(places.all.map((place) => [placeKey(place), place]))
  const kept: HeldPlace[] = []
  const lost: HeldPlace[] = []
  for (const one of held.toSorted((first, second) => byRank(first, second) || (first.pseudonym < second.pseudonym ? -1 : 1))) {
    const place = byKey.get(placeKey(one))
    const free = place === undefined ? 0 : (left.get(place) ?? 0)
    if (place !== undefined && free > 0) left.set(place, free - 1)
    ;(free > 0 ? kept : lost).push(one)
  }
  return { held: kept, lost, left }
}

/** @param starts - How many ways of a list are full from its beginning: nothing is ever given back, so they need no second look. */
function firstFit(
  one: WaitingCase,
  ways: readonly Way[],
  left: ReadonlyMap<Place, number>,
  starts: Map<readonly Way[], number>,
): Way | undefined {
  const isFull = ({ place }: Way) => left.get(place) === 0
  let start = starts.get(ways) ?? 0
  while (start < ways.length && isFull(ways[start]!)) start++
  starts.set(ways, start)
  for (let place = start; place < ways.length; place++) {
    const way = ways[place]!
    if (!isFull(way) && suits(one, way)) return way
  }
  return undefined
}
