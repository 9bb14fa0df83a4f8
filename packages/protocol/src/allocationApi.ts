import * as z from 'zod'
import { hoursSchema } from './allocation/market.ts'
import { organisationIdSchema, recordIdSchema } from './ids.ts'
import { caseIdSchema, recordPatientSchema, specialtySchema } from './urgencyApi.ts'

/*
 * Bodies and answers of a hospital's facilities, specialists, and the places that cases are given across hospitals. For its own staff only. As in api.ts:
 * times end in S. On the live event `allocation.changed` load the board again.
 */

const seconds = z.number().int().min(0)
const name = z.string().trim().min(1).max(100)
/** An own facility or specialist. */
const localId = z
  .string()
  .regex(/^[0-9a-f]{12}$/)
  .max(12)
/** One of any hospital: its organisation and the id there. */
const placeId = z
  .string()
  .regex(/^0x[0-9a-f]{1,64}:[0-9a-f]{12}$/)
  .max(79)
export const casePseudonymSchema = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .max(16)

/** POST /hospital/facilities, PUT /hospital/facilities/:facility. Degrees (WGS 84). The other hospitals learn name and place. */
export const facilityBodySchema = z.strictObject({
  name,
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
})
export type FacilityBody = z.output<typeof facilityBodySchema>
/** GET /hospital/facilities; DELETE /hospital/facilities/:facility answers 204, and 409 while specialists or cases are there. */
export const facilityViewSchema = facilityBodySchema.extend({ facility: localId })
export const facilitiesSchema = z.object({ items: z.array(facilityViewSchema) })
export type FacilityView = z.output<typeof facilityViewSchema>

/** POST /hospital/specialists, PUT /hospital/specialists/:specialist. Hours may not overlap. The other hospitals learn all of it. */
export const specialistBodySchema = z.strictObject({
  name,
  facility: localId,
  specialty: specialtySchema,
  hours: z.array(hoursSchema).max(200),
})
export type SpecialistBody = z.output<typeof specialistBodySchema>
/** GET /hospital/specialists; DELETE /hospital/specialists/:specialist answers 204. */
export const specialistViewSchema = specialistBodySchema.extend({ specialist: localId })
export const specialistsSchema = z.object({ items: z.array(specialistViewSchema) })
export type SpecialistView = z.output<typeof specialistViewSchema>

/** PUT /hospital/cases/:case/moving: where the case is, and what the patient agreed to. Nobody is moved who was not asked: until then `mayBeMoved` is false. */
export const movingBodySchema = z.strictObject({
  /** One of the hospital's own; null is its first one. */ facility: localId.nullable(),
  mayBeMoved: z.boolean(),
  /** As the crow flies; null is any way. */ maxKm: z.number().min(0).max(20_100).nullable(),
})
export type Moving = z.output<typeof movingBodySchema>

/** POST /hospital/cases/:case/offer/acceptance and /hospital/cases/:case/offer/decline: the offer that was on the screen. POST /hospital/cases/:case/offer/release gives an accepted place back (no body). */
export const offerBodySchema = z.strictObject({ specialist: placeId, fromS: seconds })
export type OfferBody = z.output<typeof offerBodySchema>

/** POST /hospital/allocation/incoming/decline: an own specialist does not take a case of whomever. */
export const declineIncomingBodySchema = z.strictObject({ pseudonym: casePseudonymSchema, specialist: localId })

/** A place as people see it. */
export const placeViewSchema = z.object({
  specialist: placeId,
  specialistName: z.string(),
  /** Null, and both names empty, for an accepted place of which its hospital says nothing at the moment. */ facility: placeId.nullable(),
  facilityName: z.string(),
  organisation: organisationIdSchema,
  fromS: seconds,
  toS: seconds,
  distanceKm: z.number(),
})
export type PlaceView = z.output<typeof placeViewSchema>

/** An own case on the board. */
export const boardCaseSchema = z.object({
  case: caseIdSchema,
  record: recordIdSchema,
  patient: recordPatientSchema,
  pseudonym: casePseudonymSchema,
  /** Null until it was ranked. */ rank: z.number().int().nullable(),
  specialty: specialtySchema,
  moving: movingBodySchema,
  state: z.enum([
    'not-ranked', // not in the last ranking: open one
    'no-facility', // the hospital has none yet
    'pending', // the next allocation has it
    'offered', // accept or decline
    'no-place', // why: `reasons`
    'accepted', // held, until it is released or the case is done
  ]),
  place: placeViewSchema.nullable(),
  /** Why this place, and why none that is better: sentences, the first one about the case itself. */ reasons: z.array(z.string()),
})
export type BoardCase = z.output<typeof boardCaseSchema>

/** A case of whomever that has or is offered a place with an own specialist. */
export const incomingSchema = z.object({
  pseudonym: casePseudonymSchema,
  organisation: organisationIdSchema,
  rank: z.number().int(),
  specialist: localId,
  fromS: seconds,
  state: z.enum(['offered', 'accepted']),
})

/** GET /hospital/allocation: how things stand. What all hospitals see of a case is its rank and pseudonym; there is no score in it. */
export const allocationBoardSchema = z.object({
  /** The round that made this allocation; null before the first. */ round: z.string().nullable(),
  /** Its time: hours that had begun by then were not given. */ allocatedAtS: seconds.nullable(),
  /** Another one is under way. */ isRunning: z.boolean(),
  /** The last one cannot be believed, and why: a code of `errorWords`, and whose doing. Then the one before stands. */
  doubt: z.object({ code: z.string(), organisations: z.array(organisationIdSchema) }).nullable(),
  /** Hospitals whose cases and specialists are in it. */ counted: z.array(organisationIdSchema),
  /** As published, by rank. */
  published: z.array(z.object({ rank: z.number().int(), pseudonym: z.string(), isAllocated: z.boolean() })),
  cases: z.array(boardCaseSchema),
  incoming: z.array(incomingSchema),
})
export type AllocationBoard = z.output<typeof allocationBoardSchema>

/** POST /hospital/allocation/runs: allocates now, though nothing here has changed. */
export const allocationRunSchema = z.object({ round: z.string() })
