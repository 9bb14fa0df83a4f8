import { RoundError } from './errors.ts'
import { type Field, inverse, modulo } from './field.ts'
import { field61 } from './field61.ts'

/**
 * Who computes together. A hospital's place in the list, counted from 1, is where its shares are taken.
 * @property threshold - So many shares give the secret; any fewer say nothing. All but so many hospitals may drop out.
 */
export type SharingRound = {
  readonly field: Field
  readonly hospitals: readonly string[]
  readonly threshold: number
}

/** Most hospitals of a round: what `openShares` tries to find a false share stays small. */
export const MAX_HOSPITALS = 12

/**
 * Checks and makes a round.
 * @throws {RoundError} Names are missing or double, there are more than 12, or the threshold is not from 2 to their number.
 * @example
 * sharingRound(['mercy', 'lakeside', 'stclare'], 2) // one curious hospital learns nothing, one may drop out
 */
export function sharingRound(hospitals: readonly string[], threshold: number, field: Field = field61): SharingRound {
  const isSound =
    hospitals.length <= MAX_HOSPITALS &&
    BigInt(hospitals.length) < field.prime &&
    new Set(hospitals).size === hospitals.length &&
    Number.isInteger(threshold) &&
    threshold >= 2 &&
    threshold <= hospitals.length
  if (!isSound) throw new RoundError('sharing/impossible-round', `${threshold} of ${hospitals.length}`)
  return { field, hospitals: [...hospitals], threshold }
}

/** How many shares a product of two shared values needs: its polynomial has twice the degree. */
export const productThreshold = ({ threshold }: SharingRound): number => 2 * threshold - 1

/**
 * Where a hospital's shares are taken, from 1.
 * @throws {RoundError} It does not take part.
 */
export function pointOf(round: SharingRound, hospital: string): number {
  const index = round.hospitals.indexOf(hospital)
  if (index < 0) throw new RoundError('sharing/not-in-round', hospital)
  return index + 1
}

/**
 * What to multiply the values at these points with, so that their sum is the polynomial's value at another.
 * @source Lagrange's interpolation formula.
 */
export function weights(field: Field, points: readonly number[], at = 0): bigint[] {
  return points.map((point) => {
    let over = 1n
    let under = 1n
    for (const other of points) {
      if (other === point) continue
      over = modulo(field, over * BigInt(at - other))
      under = modulo(field, under * BigInt(point - other))
    }
    return modulo(field, over * inverse(field, under))
  })
}
