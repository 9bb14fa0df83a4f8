import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import {
  casePseudonymSchema,
  facilityBodySchema,
  type OrganisationId,
  organisationIdSchema,
  specialistBodySchema,
  specialtySchema,
} from '@medsync/protocol'
import * as z from 'zod'

const localId = z.string().regex(/^[0-9a-f]{12}$/)
const placeId = z.string().regex(/^0x[0-9a-f]{1,64}:[0-9a-f]{12}$/)
const heldSchema = z.strictObject({ pseudonym: casePseudonymSchema, rank: z.int().min(1), specialist: placeId, fromS: z.int().min(0) })
const MAX_CASES = 20_000
/** What a contribution may unpack to. */
const MAX_BYTES = 16 * 1_024 * 1_024

/**
 * What a hospital tells the others for an allocation, sealed to each of them: its specialists, and its cases by pseudonym and rank. Strict: there is no place in it for a
 * score or for whom a case is.
 */
export const contributionSchema = z.strictObject({
  v: z.literal(1),
  /** The ranking that the ranks are of; null without ranks. */ ranking: z.string().max(200).nullable(),
  facilities: z.array(facilityBodySchema.extend({ facility: localId })).max(500),
  specialists: z.array(specialistBodySchema.extend({ specialist: localId })).max(500),
  cases: z
    .array(
      z.strictObject({
        pseudonym: casePseudonymSchema,
        rank: z.int().min(1),
        specialty: specialtySchema,
        facility: localId,
        mayBeMoved: z.boolean(),
        maxKm: z.number().min(0).max(20_100).nullable(),
        declined: z.array(placeId).max(1_000),
      }),
    )
    .max(MAX_CASES),
  /** Places that were accepted for own cases, and have not begun. */ held: z.array(heldSchema).max(MAX_CASES),
  /** Cases that own specialists do not take. */
  refusals: z.array(z.strictObject({ pseudonym: casePseudonymSchema, specialist: localId })).max(MAX_CASES),
  /** Accepted places with own specialists, by whose case it is: they stand while that hospital is away. */
  taken: z.array(heldSchema.extend({ organisation: organisationIdSchema })).max(MAX_CASES),
  /** Makes the digest of it say nothing. */ salt: z.string().regex(/^[0-9a-f]{32}$/),
})
export type Contribution = z.output<typeof contributionSchema>

/** Two with the same fingerprint lead to the same allocation. */
export function fingerprintOf({ taken: _, salt: __, ...contribution }: Contribution): string {
  return JSON.stringify(contribution)
}

/** A contribution as it travels, before it is sealed. */
export function packContribution(contribution: Contribution): Uint8Array {
  return gzipSync(JSON.stringify(contribution))
}

/** Opens what `packContribution` made; undefined for anything else, and for what unpacks to more than anybody needs. */
export function unpackContribution(packed: Uint8Array): Contribution | undefined {
  try {
    const text = gunzipSync(packed, { maxOutputLength: MAX_BYTES }).toString('utf8')
    return contributionSchema.safeParse(JSON.parse(text)).data
  } catch {
    // A member may send bytes of any kind: the caller names it.
    return undefined
  }
}

/** What is published of a contribution, so that nobody can tell two hospitals two things. */
export const digestOf = (packed: Uint8Array): string => createHash('sha256').update(packed).digest('hex')

/** The id of a facility or specialist among all hospitals'. */
export const placeIdOf = (organisation: OrganisationId, id: string): string => `${organisation}:${id}`

/** Whose a place is, and its id there. */
export function partsOf(place: string): { readonly organisation: string; readonly id: string } {
  const [organisation = '', id = ''] = place.split(':')
  return { organisation, id }
}
