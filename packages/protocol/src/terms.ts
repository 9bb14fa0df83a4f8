import * as z from 'zod'
import { CATEGORY_KEYS, SENSITIVITY_KEYS } from './categories.ts'
import { ConsentTermsError } from './errors.ts'
import { feltSchema, organisationIdSchema } from './ids.ts'
import { PURPOSES, purposeOf } from './purposes.ts'

const seconds = z.number().int().min(0).max(0xffff_ffff_ff)

/** Shape of consent terms at every edge; what they mean is checked by `checkTerms`. */
export const consentTermsSchema = z.strictObject({
  /** Organisation that may use the data. */
  grantee: organisationIdSchema,
  /** PurposeOfUse codes; each permits its descendants. */
  purposes: z.array(z.string().max(16)).max(PURPOSES.length),
  /** Valid from, seconds, inclusive. */
  notBeforeS: seconds,
  /** Valid until, seconds, exclusive. */
  expiresAtS: seconds,
  categories: z.array(z.enum(CATEGORY_KEYS)).max(CATEGORY_KEYS.length),
  /** Only data from this time on, seconds; 0 is open. */
  dataFromS: seconds,
  /** Only data before this time, seconds; 0 is open. */
  dataToS: seconds,
  /** Only records that this hospital holds; `0x0` is any. */
  custodian: feltSchema,
  /** Sensitive kinds that are covered as well; without this they never leave. */
  sensitivities: z.array(z.enum(SENSITIVITY_KEYS)).max(SENSITIVITY_KEYS.length),
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
