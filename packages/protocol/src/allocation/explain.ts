import { type Allocation, suits } from './allocate.ts'
import { AllocationError } from './errors.ts'
import type { Market, WaitingCase } from './market.ts'
import { type Place, Places, placeKey, type Way } from './places.ts'

/** Why a case was not given a place. `lastRank`: the least urgent case that has it; undefined when it is only held. */
export type PassedOver = { readonly place: Place; readonly distanceM: number } & (
  | { readonly reason: 'full'; readonly lastRank: number | undefined }
  | { readonly reason: 'declined' | 'may-not-be-moved' | 'too-far' }
)

/** Why a case was given what it was given. */
export type Explanation = {
  readonly pseudonym: string
  readonly rank: number
  /** Undefined: none was left. */ readonly given: { readonly place: Place; readonly distanceM: number } | undefined
  /** All places of the specialty that the case would rather have had, the best first; of a case without a place, all of them. */
  readonly passedOver: readonly PassedOver[]
  /** Whether anybody has hours of this specialty at all. */ readonly isOffered: boolean
}

/**
 * Says why a case has its place and no nearer or earlier one, or why it has none.
 * @param allocation - What `allocate` made of this market.
 * @throws {AllocationError} There is no such case.
 */
export function explain(market: Market, allocation: Allocation, pseudonym: string): Explanation {
  const one = market.cases.find((each) => each.pseudonym === pseudonym)
  if (one === undefined) throw new AllocationError('allocation/unknown-case', pseudonym)
  const places = new Places(market)
  const ways = places.from(one.facility, one.specialty)
  const given = allocation.allocated.find((each) => each.pseudonym === pseudonym)
  const until = given === undefined ? ways.length : ways.findIndex(({ place }) => placeKey(place) === placeKey(given.place))
  const lastRanks = ranksBefore(allocation, one.rank)
  return {
    pseudonym,
    rank: one.rank,
    given: given === undefined ? undefined : { place: given.place, distanceM: given.distanceM },
    passedOver: ways.slice(0, until).map((way) => ({ ...way, ...reasonOf(one, way, lastRanks) })),
    isOffered: ways.length > 0,
  }
}

function reasonOf(
  one: WaitingCase,
  way: Way,
  lastRanks: ReadonlyMap<string, number>,
): { reason: 'full'; lastRank: number | undefined } | { reason: 'declined' | 'may-not-be-moved' | 'too-far' } {
  if (one.declined.includes(way.place.specialist)) return { reason: 'declined' }
  if (suits(one, way)) return { reason: 'full', lastRank: lastRanks.get(placeKey(way.place)) }
  return { reason: one.mayBeMoved ? 'too-far' : 'may-not-be-moved' }
}

/** The least urgent rank at each place among those before a rank. */
function ranksBefore({ allocated }: Allocation, rank: number): ReadonlyMap<string, number> {
  return new Map(allocated.filter((each) => each.rank < rank).map((each) => [placeKey(each.place), each.rank]))
}

/**
 * An explanation as staff read it, one sentence a line.
 * @example
 * explanationLines(explanation)[0] // 'Rank 3 has dr-a at mercy, 12.4 km away.'
 */
export function explanationLines({ rank, given, passedOver, isOffered }: Explanation): string[] {
  const first =
    given === undefined
      ? `Rank ${rank} has no place${isOffered ? '.' : ': nobody offers this specialty.'}`
      : `Rank ${rank} has ${given.place.specialist} at ${given.place.facility}, ${inKm(given.distanceM)} away.`
  return [
    first,
    ...passedOver.map((each) => `${each.place.specialist} at ${each.place.facility}, ${inKm(each.distanceM)} away: ${wordsOf(each)}.`),
  ]
}

function wordsOf(passed: PassedOver): string {
  switch (passed.reason) {
    case 'full':
      return passed.lastRank === undefined ? 'all places were accepted before' : `full, the last place went to rank ${passed.lastRank}`
    case 'declined':
      return 'declined for this case'
    case 'too-far':
      return 'farther than the patient agreed to'
    case 'may-not-be-moved':
      return 'the patient did not agree to be moved'
  }
}

const inKm = (metres: number): string => `${(metres / 1_000).toFixed(1)} km`
