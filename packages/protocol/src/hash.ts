import { poseidonHashMany } from '@scure/starknet'
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

/** Domain separators, the same short strings as in contracts/cairo/domains.cairo; a changed layout takes a new version. */
export const DOMAINS = {
  consent: slugToOrganisationId('MedSync.consent.v1'),
  who: slugToOrganisationId('MedSync.consent.who.v1'),
  purpose: slugToOrganisationId('MedSync.consent.purpose.v1'),
  period: slugToOrganisationId('MedSync.consent.period.v1'),
  data: slugToOrganisationId('MedSync.consent.data.v1'),
  provisions: slugToOrganisationId('MedSync.consent.provisions.v1'),
  entry: slugToOrganisationId('MedSync.log.entry.v1'),
  log: slugToOrganisationId('MedSync.log.v1'),
  logGenesis: slugToOrganisationId('MedSync.log.genesis.v1'),
  request: slugToOrganisationId('MedSync.request.v1'),
  study: slugToOrganisationId('MedSync.study.v1'),
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
