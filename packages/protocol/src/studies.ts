import * as z from 'zod'
import { CATEGORY_KEYS, categoryMask } from './categories.ts'
import { StudyTermsError } from './errors.ts'
import { DOMAINS, poseidon, textToFelts } from './hash.ts'
import type { Felt } from './ids.ts'
import { readSet, setOf } from './lists.ts'
import { termSecondsSchema } from './terms.ts'

/** 100 percent in basis points. */
export const BPS = 10_000n

/** How long after the last answer patients can dispute before a study can be closed, seconds; as in the contract. */
export const DISPUTE_TIME_S = 30 * 86_400

/** Part of the pool's share that goes back to the funder of a study that is closed without an upheld dispute, basis points; as in the contract. */
export const REBATE_BPS = 5_000n

const categories = setOf(z.enum(CATEGORY_KEYS), { min: 1, max: CATEGORY_KEYS.length }, CATEGORY_KEYS)

/** What a study is about; kept by the research office's gateway, bound by a salted hash in the study's terms. */
export const studyDetailsSchema = z.strictObject({
  title: z.string().trim().min(3).max(120),
  summary: z.string().trim().max(2_000),
  categories,
  dataFromS: termSecondsSchema,
  dataToS: termSecondsSchema,
})
export type StudyDetails = z.output<typeof studyDetailsSchema>

/** As `studyDetailsSchema`, for descriptions that were kept before it refused repeats. */
export const keptStudyDetailsSchema = studyDetailsSchema.extend({
  categories: readSet(categories),
  dataFromS: z.number().int().min(0),
  dataToS: z.number().int().min(0),
})

/** The salted hash in a study's terms on chain. */
export function studyDetailsHash(details: StudyDetails, salt: Felt): Felt {
  return poseidon(
    DOMAINS.study,
    salt,
    categoryMask(details.categories),
    details.dataFromS,
    details.dataToS,
    ...textToFelts(details.title),
    ...textToFelts(details.summary),
  )
}

/** What each party gets of one access, smallest unit of the token. */
export type PriceShares = { readonly patient: bigint; readonly hospital: bigint; readonly pool: bigint }

/**
 * Splits a price as the contract does: hospital and pool are rounded down, the patient gets all the rest, so nothing is lost.
 * @throws {StudyTermsError} The price is not positive, or the shares are more than the whole.
 * @example
 * splitPrice(101n, 2_000n, 500n) // { patient: 76n, hospital: 20n, pool: 5n }
 */
export function splitPrice(price: bigint, hospitalBps: bigint, poolBps: bigint): PriceShares {
  if (price <= 0n) throw new StudyTermsError('study/zero-price')
  if (hospitalBps < 0n || poolBps < 0n || hospitalBps + poolBps > BPS) throw new StudyTermsError('study/shares-over-whole')
  const hospital = (price * hospitalBps) / BPS
  const pool = (price * poolBps) / BPS
  return { patient: price - hospital - pool, hospital, pool }
}
