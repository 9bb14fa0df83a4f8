import * as z from 'zod'
import { CATEGORY_KEYS, categoryMask } from './categories.ts'
import { DECISIONS } from './decide.ts'
import { IncompleteLogError } from './errors.ts'
import { DOMAINS, poseidon, textToFelts } from './hash.ts'
import { type Felt, feltSchema, organisationIdSchema, ZERO } from './ids.ts'

/** What an entry says happened; numbers as in the contract. */
export const ENTRY_KINDS = { access: 1, refusal: 2 } as const
export type EntryKind = keyof typeof ENTRY_KINDS

/** What stands behind an entry's digest: known to the hospital, shown to the patient, never on chain in clear. */
export const entryDetailsSchema = z.strictObject({
  kind: z.enum(['access', 'refusal']),
  hospital: organisationIdSchema,
  patient: feltSchema,
  grantee: organisationIdSchema,
  /** Study and request in the reward pool. */
  study: z.number().int().min(0),
  request: z.number().int().min(0),
  purposeIndex: z.number().int().min(0),
  /** Consent that was used; `0x0` when none was found. */
  commitment: feltSchema,
  decision: z.enum(Object.keys(DECISIONS) as [keyof typeof DECISIONS, ...(keyof typeof DECISIONS)[]]),
  /** What left; empty for a refusal. */
  categories: z.array(z.enum(CATEGORY_KEYS)),
  dataFromS: z.number().int().min(0),
  dataToS: z.number().int().min(0),
  /** How many resources left. */
  resourceCount: z.number().int().min(0),
  /** Hash of what left, as sealed; empty for a refusal. SHA-256, hex. */
  releaseSha256: z.string().regex(/^([0-9a-f]{64})?$/),
})
export type EntryDetails = z.output<typeof entryDetailsSchema>

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

/** One link of a patient's chain, as the `EntryAppended` event tells it. */
export type EntryLink = {
  readonly index: number
  readonly hospital: Felt
  readonly kind: number
  readonly digest: Felt
  readonly loggedAtS: number
}

/** What the first entry of a patient follows: binds the whole chain to one chain id, contract and patient. */
export function logGenesis(chainId: Felt, accessLog: Felt, patient: Felt): Felt {
  return poseidon(DOMAINS.logGenesis, chainId, accessLog, patient)
}

/** A patient's chain of entries: how many, the hash over them, and what the first follows. */
export type PatientLog = { readonly count: number; readonly head: Felt; readonly genesis: Felt }

/** The head after a link, as the contract computes it; the first follows `logGenesis`. */
export function nextHead(head: Felt, link: EntryLink): Felt {
  return poseidon(DOMAINS.log, head, link.index, link.hospital, link.kind, link.digest, link.loggedAtS)
}

/**
 * Checks that a list of entries is whole and in order: nothing left out, nothing put in, nothing changed.
 * @param links - All entries of one patient, by index from 1.
 * @param log - Count and head as the contract keeps them, and the genesis that one computes oneself.
 * @throws {IncompleteLogError} It is not the list that the chain's head commits to.
 */
export function verifyEntries(links: readonly EntryLink[], log: PatientLog): void {
  const ordered = links.every((link, position) => link.index === position + 1)
  const head = links.length === 0 ? ZERO : links.reduce(nextHead, log.genesis)
  if (!ordered || links.length !== log.count || head !== log.head) throw new IncompleteLogError('log/incomplete')
}
