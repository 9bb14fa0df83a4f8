import { distanceM } from './distance.ts'
import type { Facility, Market, Specialist } from './market.ts'

/** Some hours of a specialist: what a case is given a share of. */
export type Place = {
  readonly specialist: string
  readonly facility: string
  readonly specialty: string
  readonly fromS: number
  readonly toS: number
  readonly capacity: number
}

/** A place, and how far it is from where a case is. */
export type Way = { readonly place: Place; readonly distanceM: number }

/** Places in the order in which a case prefers them, found once for each pair of facility and specialty. */
export class Places {
  /** All, also those that are over. */ readonly all: readonly Place[]
  readonly #bySpecialty: ReadonlyMap<string, readonly Place[]>
  readonly #facilities: ReadonlyMap<string, Facility>
  readonly #ways = new Map<string, readonly Way[]>()

  constructor({ facilities, specialists, nowS }: Pick<Market, 'facilities' | 'specialists' | 'nowS'>) {
    this.all = specialists.flatMap(placesOf)
    this.#facilities = new Map(facilities.map((facility) => [facility.id, facility]))
    this.#bySpecialty = Map.groupBy(
      this.all.filter(({ fromS }) => fromS > nowS),
      ({ specialty }) => specialty,
    )
  }

  /** The nearest first, then the earliest, then by id: a strict order. */
  from(facility: string, specialty: string): readonly Way[] {
    const key = `${facility} ${specialty}`
    const known = this.#ways.get(key)
    if (known !== undefined) return known
    const origin = this.#facilities.get(facility)
    const ways = (this.#bySpecialty.get(specialty) ?? []).flatMap((place) => {
      const target = this.#facilities.get(place.facility)
      return origin === undefined || target === undefined ? [] : [{ place, distanceM: distanceM(origin, target) }]
    })
    ways.sort((one, other) => one.distanceM - other.distanceM || one.place.fromS - other.place.fromS || byId(one.place, other.place))
    this.#ways.set(key, ways)
    return ways
  }
}

const placesOf = ({ id, facility, specialty, hours }: Specialist): Place[] =>
  hours.map(({ fromS, toS, capacity }) => ({ specialist: id, facility, specialty, fromS, toS, capacity }))

const byId = (one: Place, other: Place): number => (one.specialist < other.specialist ? -1 : one.specialist > other.specialist ? 1 : 0)

/** Names a place: nobody has two at the same time. */
export const placeKey = ({ specialist, fromS }: { readonly specialist: string; readonly fromS: number }): string => `${specialist} ${fromS}`
