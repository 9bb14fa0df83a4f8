import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { type DealingProof, fold } from './dealingProof.ts'
import { ShareError } from './errors.ts'
import { modulo } from './field.ts'
import { framed } from './framed.ts'
import type { CoinPlace } from './jointCoin.ts'
import { checkShares, type Opened, openShares, type Share } from './openShares.ts'
import { pointOf, type SharingRound } from './round.ts'
import { element, type FieldVector } from './vectors.ts'

/** Bytes of the salt that hides a bound sum until it is sent. */
export const SALT_BYTES = 32

/** A sum with the salt that it was bound with. */
export type BoundSum = Share & { readonly salt: Uint8Array }

/**
 * What is needed to check sums of shares.
 * @property roundId - Of the round, as in `CoinPlace`.
 * @property bindings - What `bindSum` gave each hospital **before the coin was tossed**: who knows the coin finds false sums that fold right.
 * @property proofs - Of all dealings in the sum, possible ones that nobody disputes.
 * @property powers - What they were folded with.
 */
export type SumEvidence = {
  readonly roundId: string
  readonly bindings: ReadonlyMap<string, string>
  readonly proofs: readonly DealingProof[]
  readonly powers: FieldVector
}

/** Adds up what a hospital was dealt: its message of the answering step, mask's element included. */
export function sumShares(round: SharingRound, dealt: readonly FieldVector[]): FieldVector {
  const [first, ...others] = dealt
  if (first === undefined) throw new ShareError('sharing/too-few', [])
  const sum = first.slice()
  for (const vector of others) {
    if (vector.length !== sum.length) throw new ShareError('sharing/wrong-length', [])
    round.field.add(sum, vector)
  }
  return sum
}

/** Binds a hospital to its sum without showing it. @param salt - 32 fresh random bytes. */
export function bindSum({ round, hospital }: CoinPlace, sum: FieldVector, salt: Uint8Array): string {
  const bytes = new Uint8Array(sum.buffer, sum.byteOffset, sum.byteLength)
  return bytesToHex(sha256(framed('medsync/sum/1', utf8ToBytes(round), utf8ToBytes(hospital), salt, bytes)))
}

/**
 * Opens sums of checked dealings. A false sum is left out and its sender named, whatever the number of shares; one passes with a
 * chance of (elements / prime), as it was bound before the coin.
 * @throws {ShareError} As `openShares`; `sharing/tampered`, naming who sent false sums, when too few true ones are left.
 */
export function openSums(round: SharingRound, sums: readonly BoundSum[], evidence: SumEvidence): Opened {
  const tampered = sums.filter((sum) => round.hospitals.includes(sum.from) && !isTrueSum(round, sum, evidence)).map(({ from }) => from)
  const trusted = sums.filter(({ from }) => !tampered.includes(from))
  checkShares(round, trusted)
  if (trusted.length < round.threshold && tampered.length > 0) throw new ShareError('sharing/tampered', tampered)
  const { secrets, missing } = openShares(round, trusted)
  return {
    // The last element is the sum of the masks.
    secrets: secrets.slice(0, -2),
    tampered,
    missing: missing.filter((hospital) => !tampered.includes(hospital)),
  }
}

function isTrueSum(round: SharingRound, { from, values, salt }: BoundSum, { roundId, bindings, proofs, powers }: SumEvidence): boolean {
  if (values.length !== powers.length || round.field.firstOutside(values) >= 0 || salt.length !== SALT_BYTES) return false
  if (bindings.get(from) !== bindSum({ round: roundId, hospital: from }, values, salt)) return false
  const promised = proofs.reduce((sum, proof) => sum + element(proof, pointOf(round, from) - 1), 0n)
  return fold(round.field, values, powers) === modulo(round.field, promised)
}
