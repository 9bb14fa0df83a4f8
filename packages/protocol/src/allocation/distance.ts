import type { Facility } from './market.ts'

/** Mean radius of the earth, metres (IUGG). */
const EARTH_M = 6_371_008.8

/**
 * The way between two facilities as the crow flies, whole metres: so that all who compute it come to the same.
 * @source The haversine formula; Sinnott, "Virtues of the Haversine", Sky and Telescope 68, 1984.
 */
export function distanceM(from: Facility, to: Facility): number {
  const [fromLatitude, toLatitude] = [radians(from.latitude), radians(to.latitude)]
  const north = Math.sin((toLatitude - fromLatitude) / 2) ** 2
  const east = Math.sin(radians(to.longitude - from.longitude) / 2) ** 2
  const half = north + Math.cos(fromLatitude) * Math.cos(toLatitude) * east
  return Math.round(2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(half))))
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180
