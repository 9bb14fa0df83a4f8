import * as z from 'zod'
import { CATEGORY_KEYS, categoryMask } from './categories.ts'
import { DECISIONS } from './decide.ts'
import { DOMAINS, poseidon, textToFelts } from './hash.ts'
import { type Felt, feltSchema, organisationIdSchema } from './ids.ts'
import { readSet, setOf } from './lists.ts'

const categories = setOf(z.enum(CATEGORY_KEYS), { max: CATEGORY_KEYS.length }, CATEGORY_KEYS)

/** What an entry says happened; numbers as in the contract. An emergency is a use without consent, with its reason. */
export const ENTRY_KINDS = { access: 1, refusal: 2, emergency: 3 } as const
export type EntryKind = keyof typeof ENTRY_KINDS

/** What stands behind an entry's digest: known to the hospital, shown to the patient, never on chain in clear. */
export const entryDetailsSchema = z.strictObject({
  kind: z.enum(['access', 'refusal', 'emergency']),
  hospital: organisationIdSchema,
  patient: feltSchema,
  grantee: organisationIdSchema,
  /** Study and request in the reward pool. */
  study: z.number().int().min(0),
  request: z.number().int().min(0),
  /** What for; of an emergency its reason, one of `EMERGENCY_PURPOSES`. */
  purposeIndex: z.number().int().min(0),
  /** Consent that was used; `0x0` when none was found. */
  commitment: feltSchema,
  decision: z.enum(Object.keys(DECISIONS) as [keyof typeof DECISIONS, ...(keyof typeof DECISIONS)[]]),
  /** What left; empty for a refusal. */
  categories,
  dataFromS: z.number().int().min(0),
  dataToS: z.number().int().min(0),
  /** How many resources left. */
  resourceCount: z.number().int().min(0),
  /** Hash of what left, as sealed; empty for a refusal. SHA-256, hex. */
  releaseSha256: z
    .string()
    .regex(/^([0-9a-f]{64})?$/)
    .max(64),
})
export type EntryDetails = z.output<typeof entryDetailsSchema>

/** As `entryDetailsSchema`, for entries that were kept before it refused repeats. */
export const keptEntryDetailsSchema = entryDetailsSchema.extend({ categories: readSet(categories) })

/** The salted digest that stands on chain for an entry. */
export function entryDigest(details: EntryDetails, salt: Felt): Felt {
  return poseidon(
    DOMAINS.entry,
    salt,
    ENTRY_KINDS[details.kind],
    details.hospital,
    details.patient,
    details.grantee,
    details.study,
    details.request,
    details.purposeIndex,
    details.commitment,
    DECISIONS[details.decision],
    categoryMask(details.categories),
    details.dataFromS,
    details.dataToS,
    details.resourceCount,
    ...textToFelts(details.releaseSha256),
  )
}

/** One entry of a patient's tree, as the `EntryAppended` event tells it. */
export type EntryLink = {
  readonly index: number
  readonly hospital: Felt
  readonly kind: number
  /** Request that an access or refusal answered, 0 when none; the reason of an emergency. */
  readonly reference: number
  readonly digest: Felt
  readonly loggedAtS: number
}
