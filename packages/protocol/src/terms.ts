import * as z from 'zod'
import { CATEGORY_KEYS, SENSITIVITY_KEYS } from './categories.ts'
import { ConsentTermsError } from './errors.ts'
import { feltSchema, organisationIdSchema } from './ids.ts'
import { readSet, setOf } from './lists.ts'
import { PURPOSES, purposeOf } from './purposes.ts'

/** Seconds as they stand in terms and requests: they fit into the 40 bits of the contract. */
export const termSecondsSchema = z.number().int().min(0).max(0xffff_ffff_ff)
const purposes = setOf(
  z.string().max(16),
  { max: PURPOSES.length },
  PURPOSES.map(({ code }) => code),
)
const categories = setOf(z.enum(CATEGORY_KEYS), { max: CATEGORY_KEYS.length }, CATEGORY_KEYS)
const sensitivities = setOf(z.enum(SENSITIVITY_KEYS), { max: SENSITIVITY_KEYS.length }, SENSITIVITY_KEYS)

/** Shape of consent terms at every edge; what they mean is checked by `checkTerms`. */
export const consentTermsSchema = z.strictObject({
  /** Organisation that may use the data. */
  grantee: organisationIdSchema,
  /** PurposeOfUse codes; each permits its descendants. */
  purposes,
  /** Valid from, seconds, inclusive. */
  notBeforeS: termSecondsSchema,
  /** Valid until, seconds, exclusive. */
  expiresAtS: termSecondsSchema,
  categories,
  /** Only data from this time on, seconds; 0 is open. */
  dataFromS: termSecondsSchema,
  /** Only data before this time, seconds; 0 is open. */
  dataToS: termSecondsSchema,
  /** Only records that this hospital holds; `0x0` is any. */
  custodian: feltSchema,
  /** Sensitive kinds that are covered as well; without this they never leave. */
  sensitivities,
})

/** As `consentTermsSchema`, for terms that were kept before it refused repeats, or that come from another hospital. */
export const keptTermsSchema = consentTermsSchema.extend({
  purposes: readSet(purposes),
  categories: readSet(categories),
  sensitivities: readSet(sensitivities),
})

/** Who may use which data, what for and until when. */
export type ConsentTerms = z.output<typeof consentTermsSchema>

/**
 * Checks that terms say something and can still come true.
 * @param nowS - Present time, seconds.
 * @throws {ConsentTermsError} No purpose or category, an unknown one, an end in the past or before its start, an empty period of data.
 */
export function checkTerms(terms: ConsentTerms, nowS: number): ConsentTerms {
  if (terms.purposes.length === 0) throw new ConsentTermsError('consent/no-purpose')
  terms.purposes.forEach(purposeOf)
  if (terms.categories.length === 0) throw new ConsentTermsError('consent/no-category')
  if (terms.expiresAtS <= nowS) throw new ConsentTermsError('consent/expiry-in-past')
  if (terms.expiresAtS <= terms.notBeforeS) throw new ConsentTermsError('consent/ends-before-start')
  if (terms.dataToS !== 0 && terms.dataToS <= terms.dataFromS) throw new ConsentTermsError('consent/empty-data-period')
  return terms
}
