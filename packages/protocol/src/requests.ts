import * as z from 'zod'
import { CATEGORY_KEYS, categoryMask } from './categories.ts'
import { DOMAINS, poseidon } from './hash.ts'
import { accountSchema, commitmentSchema, type Felt, organisationIdSchema, studyIdSchema } from './ids.ts'
import { readSet, setOf } from './lists.ts'
import { termSecondsSchema } from './terms.ts'

const categories = setOf(z.enum(CATEGORY_KEYS), { min: 1, max: CATEGORY_KEYS.length }, CATEGORY_KEYS)

/** What a researcher asks a hospital for. Goes to that hospital only; the chain has its salted digest. */
export const requestDetailsSchema = z.strictObject({
  study: studyIdSchema,
  /** Account that asks, and whose key the data is sealed to. */
  requester: accountSchema,
  patient: accountSchema,
  hospital: organisationIdSchema,
  /** Consent that the researcher relies on. */
  commitment: commitmentSchema,
  categories,
  /** Period of the data, seconds; 0 is open. */
  dataFromS: termSecondsSchema,
  dataToS: termSecondsSchema,
})

/** As `requestDetailsSchema`, for details that were kept before it refused repeats. */
export const keptRequestDetailsSchema = requestDetailsSchema.extend({
  categories: readSet(categories),
  dataFromS: z.number().int().min(0),
  dataToS: z.number().int().min(0),
})
export type RequestDetails = z.output<typeof requestDetailsSchema>

/** The salted digest that binds the request on chain to its details. */
export function requestDigest(details: RequestDetails, salt: Felt): Felt {
  return poseidon(
    DOMAINS.request,
    salt,
    details.study,
    details.requester,
    details.patient,
    details.hospital,
    details.commitment,
    categoryMask(details.categories),
    details.dataFromS,
    details.dataToS,
  )
}
