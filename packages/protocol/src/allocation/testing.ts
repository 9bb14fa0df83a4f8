import fc from 'fast-check'
import { type Allocation, byRank } from './allocate.ts'
import { distanceM } from './distance.ts'
import type { Market, WaitingCase } from './market.ts'

/** Markets for the tests of this folder, and a check of stability that shares nothing with the implementation but the distance. */
export const NOW_S = 1_800_000_000
export const HOUR_S = 3_600

export const market = (more: Partial<Market> = {}): Market => ({
  facilities: [
    { id: 'mercy', latitude: 42.35, longitude: -71.06 },
    { id: 'lakeside', latitude: 42.45, longitude: -71.06 },
    { id: 'far', latitude: 45, longitude: -71.06 },
  ],
  specialists: [
    specialist('dr-a', 'mercy', [1, 1]),
    specialist('dr-b', 'lakeside', [1, 2]),
    specialist('dr-c', 'far', [1, 5]),
    { ...specialist('dr-n', 'mercy', [1, 9]), specialty: 'neurology' },
  ],
  cases: [],
  held: [],
  nowS: NOW_S,
  ...more,
})

/** @param hours - Begins so many hours from now, takes so many. */
export const specialist = (id: string, facility: string, ...hours: readonly (readonly [number, number])[]) => ({
  id,
  facility,
  specialty: 'cardiology',
  hours: hours.map(([hour, capacity]) => ({ fromS: NOW_S + hour * HOUR_S, toS: NOW_S + (hour + 1) * HOUR_S, capacity })),
})

export const waiting = (rank: number, more: Partial<WaitingCase> = {}): WaitingCase => ({
  pseudonym: `c-${rank}`,
  rank,
  specialty: 'cardiology',
  facility: 'mercy',
  mayBeMoved: true,
  maxKm: null,
  declined: [],
  ...more,
})

/** A random market of so many cases, many of which want the same. */
export const markets = (maxCases: number): fc.Arbitrary<Market> =>
  fc
    .record({
      facilities: fc.integer({ min: 1, max: 4 }),
      specialists: fc.array(
        fc.record({
          facility: fc.nat(3),
          specialty: fc.nat(1),
          hours: fc.uniqueArray(fc.integer({ min: -1, max: 3 }), { maxLength: 3 }),
          capacity: fc.integer({ min: 1, max: 2 }),
        }),
        { maxLength: 5 },
      ),
      cases: fc.array(
        fc.record({
          facility: fc.nat(3),
          specialty: fc.nat(1),
          mayBeMoved: fc.boolean(),
          maxKm: fc.option(fc.nat(40)),
          declined: fc.subarray(['s0', 's1', 's2', 's3', 's4']),
          isHeld: fc.integer({ min: 0, max: 9 }),
        }),
        { maxLength: maxCases },
      ),
      ranks: fc.shuffledSubarray(
        Array.from({ length: maxCases }, (_, place) => place * 3 + 1),
        { minLength: maxCases },
      ),
      places: fc.array(fc.record({ latitude: fc.integer({ min: 0, max: 3 }), longitude: fc.integer({ min: 0, max: 3 }) }), {
        minLength: 4,
        maxLength: 4,
      }),
    })
    .map((drawn) => {
      const at = (place: number) => `f${place % drawn.facilities}`
      const cases = drawn.cases.map((one, place) => ({
        ...one,
        pseudonym: `c${place}`,
        rank: drawn.ranks[place] ?? 0,
        facility: at(one.facility),
        specialty: `k${one.specialty}`,
      }))
      return {
        facilities: Array.from({ length: drawn.facilities }, (_, place) => ({
          id: `f${place}`,
          latitude: (drawn.places[place]?.latitude ?? 0) / 10,
          longitude: (drawn.places[place]?.longitude ?? 0) / 10,
        })),
        specialists: drawn.specialists.map(({ facility, specialty, hours, capacity }, place) => ({
          id: `s${place}`,
          facility: at(facility),
          specialty: `k${specialty}`,
          hours: hours.map((hour) => ({ fromS: NOW_S + hour * HOUR_S, toS: NOW_S + (hour + 1) * HOUR_S, capacity })),
        })),
        cases: cases.filter(({ isHeld }) => isHeld > 0).map(({ isHeld: _, ...one }) => one),
        held: cases
          .filter(({ isHeld }) => isHeld === 0)
          .map(({ pseudonym, rank }) => ({ pseudonym, rank, specialist: 's0', fromS: NOW_S + HOUR_S })),
        nowS: NOW_S,
      }
    })

/** A place by its names, or none. */
export type Given = { readonly specialist: string; readonly fromS: number } | undefined

/** All places that a case may be given, the one it wants most first; written down from the rules, not from the code. */
export function wishesOf(market: Market, one: WaitingCase): NonNullable<Given>[] {
  const facility = (id: string) => market.facilities.find((each) => each.id === id)!
  return market.specialists
    .filter((each) => each.specialty === one.specialty && !one.declined.includes(each.id))
    .flatMap((each) =>
      each.hours.map(({ fromS }) => ({
        specialist: each.id,
        facility: each.facility,
        fromS,
        metres: distanceM(facility(one.facility), facility(each.facility)),
      })),
    )
    .filter(({ fromS }) => fromS > market.nowS)
    .filter((way) => way.facility === one.facility || (one.mayBeMoved && (one.maxKm === null || way.metres <= one.maxKm * 1_000)))
    .sort((a, b) => a.metres - b.metres || a.fromS - b.fromS || (a.specialist < b.specialist ? -1 : 1))
    .map(({ specialist: id, fromS }) => ({ specialist: id, fromS }))
}

/**
 * Why a matching is not stable, by trying every pair of case and place: empty when it is. A pair blocks when the case would rather have the place, and the place is
 * free, or taken by a case of lower rank.
 * @param given - What each case has, by pseudonym.
 */
export function blockingPairs(market: Market, given: ReadonlyMap<string, Given>, held: Allocation['held']): string[] {
  const capacityOf = ({ specialist: id, fromS }: NonNullable<Given>) =>
    market.specialists.find((each) => each.id === id)?.hours.find((hours) => hours.fromS === fromS)?.capacity ?? 0
  const same = (one: Given, other: Given) => one?.specialist === other?.specialist && one?.fromS === other?.fromS
  return market.cases.flatMap((one) => {
    const own = given.get(one.pseudonym)
    const wishes = wishesOf(market, one)
    const until = wishes.findIndex((wish) => same(wish, own))
    if (own !== undefined && until < 0) return [`${one.pseudonym} has what it may not have`]
    return wishes.slice(0, own === undefined ? undefined : until).flatMap((wish) => {
      const there = market.cases.filter((other) => same(given.get(other.pseudonym), wish))
      const taken = there.length + held.filter((each) => same(each, wish)).length
      const isBlocking = taken < capacityOf(wish) || there.some((other) => other.rank > one.rank)
      return isBlocking ? [`${one.pseudonym} and ${wish.specialist} at ${wish.fromS}`] : []
    })
  })
}

/** Every matching that the rules allow, stable or not. For very small markets. */
export function* allMatchings(market: Market, left = market.cases.toSorted(byRank)): Generator<Map<string, Given>> {
  const [first, ...rest] = left
  if (first === undefined) {
    yield new Map()
    return
  }
  for (const tail of allMatchings(market, rest))
    for (const wish of [undefined, ...wishesOf(market, first)]) yield new Map([...tail, [first.pseudonym, wish]])
}

/** Whether no place has more than it takes. */
export function fits(market: Market, given: ReadonlyMap<string, Given>, held: Allocation['held']): boolean {
  return market.specialists.every(({ id, hours }) =>
    hours.every(
      ({ fromS, capacity }) =>
        [...given.values(), ...held].filter((each) => each?.specialist === id && each.fromS === fromS).length <= capacity,
    ),
  )
}

export const givenBy = (allocation: Allocation): Map<string, Given> =>
  new Map([
    ...allocation.waiting.map(({ pseudonym }): [string, Given] => [pseudonym, undefined]),
    ...allocation.allocated.map(({ pseudonym, place }): [string, Given] => [
      pseudonym,
      { specialist: place.specialist, fromS: place.fromS },
    ]),
  ])
