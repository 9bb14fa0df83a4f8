import * as z from 'zod'

const id = z.string().regex(/^[\w.:-]{1,100}$/, 'letters, digits and _ . : - only')
const seconds = z.int().min(0)
const MAX_HOURS = 200
/** Half of the way around the earth. */
const MAX_KM = 20_100
const MAX_CAPACITY = 1_000

/** Where care is given. WGS 84 degrees. */
export const facilitySchema = z.strictObject({ id, latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
export type Facility = z.output<typeof facilitySchema>

/** A time in which somebody takes so many cases, seconds since 1970. */
export const hoursSchema = z
  .strictObject({ fromS: seconds, toS: seconds, capacity: z.int().min(1).max(MAX_CAPACITY) })
  .refine(({ fromS, toS }) => fromS < toS, 'hours that end after they begin')
export type Hours = z.output<typeof hoursSchema>

/** Somebody, or a team, who takes cases of one specialty at one facility. Hours may not overlap. */
export const specialistSchema = z.strictObject({ id, facility: id, specialty: id, hours: z.array(hoursSchema).max(MAX_HOURS) })
export type Specialist = z.output<typeof specialistSchema>

/** A waiting case as others see it: its rank, never its score, and nothing of whom it is. */
export const waitingCaseSchema = z.strictObject({
  pseudonym: id,
  /** From 1, the most urgent; no two cases have the same. */ rank: z.int().min(1),
  specialty: id,
  /** Where it is now. */ facility: id,
  /** Whether the patient agreed to be taken elsewhere. */ mayBeMoved: z.boolean(),
  /** How far at the most; null is any way. */ maxKm: z.number().min(0).max(MAX_KM).nullable(),
  /** Specialists whose offer was declined for this case. */ declined: z.array(id).max(1_000),
})
export type WaitingCase = z.output<typeof waitingCaseSchema>

/** A place that is already given, as an offer that was accepted. It comes before all ranks; its own rank is the one that it was given with. */
export const heldPlaceSchema = z.strictObject({ pseudonym: id, rank: z.int().min(1), specialist: id, fromS: seconds })
export type HeldPlace = z.output<typeof heldPlaceSchema>

/** All that an allocation is made from. */
export type Market = {
  readonly facilities: readonly Facility[]
  readonly specialists: readonly Specialist[]
  readonly cases: readonly WaitingCase[]
  readonly held: readonly HeldPlace[]
  /** Hours that have begun by then are over for new cases. */ readonly nowS: number
}
