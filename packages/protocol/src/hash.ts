import { poseidonHash, poseidonHashMany } from '@scure/starknet'
import { type Felt, felt, slugToOrganisationId } from './ids.ts'

/** A felt, or a number that is turned into one. */
export type FeltLike = Felt | bigint | number

/**
 * Poseidon over a list of felts, as Cairo's `poseidon_hash_span`.
 * @source https://docs.starknet.io/architecture/cryptography/#poseidon_hash
 */
export function poseidon(...values: FeltLike[]): Felt {
  return felt(poseidonHashMany(values.map((value) => BigInt(value))))
}

/** Hash of two nodes of a tree, as Cairo's `hades_permutation(left, right, 2)`; no leaf of ours can pass for one. */
export function treeNode(left: Felt, right: Felt): Felt {
  return felt(poseidonHash(BigInt(left), BigInt(right)))
}

/** Domain separators, the same short strings as in contracts/cairo/domains.cairo; a changed layout takes a new version. */
export const DOMAINS = {
  consent: slugToOrganisationId('MedSync.consent.v1'),
  who: slugToOrganisationId('MedSync.consent.who.v1'),
  purpose: slugToOrganisationId('MedSync.consent.purpose.v1'),
  period: slugToOrganisationId('MedSync.consent.period.v1'),
  data: slugToOrganisationId('MedSync.consent.data.v1'),
  provisions: slugToOrganisationId('MedSync.consent.provisions.v1'),
  entry: slugToOrganisationId('MedSync.log.entry.v1'),
  logLeaf: slugToOrganisationId('MedSync.log.leaf.v2'),
  logBatch: slugToOrganisationId('MedSync.log.batch.v2'),
  logBatched: slugToOrganisationId('MedSync.log.batched.v2'),
  logPlace: slugToOrganisationId('MedSync.log.place.v2'),
  logId: slugToOrganisationId('MedSync.log.id.v2'),
  request: slugToOrganisationId('MedSync.request.v1'),
  study: slugToOrganisationId('MedSync.study.v1'),
  statement: slugToOrganisationId('MedSync.log.statement.v1'),
} as const

/** Splits text into felts of 31 bytes after its byte length, so that any text hashes without ambiguity. */
export function textToFelts(text: string): Felt[] {
  const bytes = new TextEncoder().encode(text)
  const felts: Felt[] = [felt(bytes.length)]
  for (let start = 0; start < bytes.length; start += 31) {
    const chunk = bytes.subarray(start, start + 31)
    felts.push(felt(`0x${[...chunk].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`))
  }
  return felts
}
