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
 * Says why a case has its place and no nearer or earlier one, or why it has none. For several cases make one `explainer`.
 * @param allocation - What `allocate` made of this market.
 * @throws {AllocationError} There is no such case.
 */
export const explain = (market: Market, allocation: Allocation, pseudonym: string): Explanation => explainer(market, allocation)(pseudonym)

/** As `explain`, for one case after the other. */
export function explainer(market: Market, allocation: Allocation): (pseudonym: string) => Explanation {
  const places = new Places(market)
  const cases = new Map(market.cases.map((one) => [one.pseudonym, one]))
  const allocated = new Map(allocation.allocated.map((one) => [one.pseudonym, one]))
  const ranks = ranksByPlace(allocation)
  return (pseudonym) => {
    const one = cases.get(pseudonym)
    if (one === undefined) throw new AllocationError('allocation/unknown-case', pseudonym)
    const ways = places.from(one.facility, one.specialty)
    const given = allocated.get(pseudonym)
    const until = given === undefined ? ways.length : ways.findIndex(({ place }) => placeKey(place) === placeKey(given.place))
    return {
      pseudonym,
      rank: one.rank,
      given: given === undefined ? undefined : { place: given.place, distanceM: given.distanceM },
      passedOver: ways.slice(0, until).map((way) => ({ ...way, ...reasonOf(one, way, ranks.get(placeKey(way.place)) ?? []) })),
      isOffered: ways.length > 0,
    }
  }
}

function reasonOf(
  one: WaitingCase,
  way: Way,
  ranks: readonly number[],
): { reason: 'full'; lastRank: number | undefined } | { reason: 'declined' | 'may-not-be-moved' | 'too-far' } {
  if (one.declined.includes(way.place.specialist)) return { reason: 'declined' }
  if (suits(one, way)) return { reason: 'full', lastRank: ranks.findLast((rank) => rank < one.rank) }
  return { reason: one.mayBeMoved ? 'too-far' : 'may-not-be-moved' }
}

/** Who has each place, the most urgent first. */
function ranksByPlace({ allocated }: Allocation): ReadonlyMap<string, readonly number[]> {
  const byPlace = Map.groupBy(allocated, ({ place }) => placeKey(place))
  return new Map([...byPlace].map(([key, cases]) => [key, cases.map(({ rank }) => rank)]))
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
