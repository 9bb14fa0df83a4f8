import { type DealingProof, fold } from './dealingProof.ts'
import { ShareError } from './errors.ts'
import { modulo } from './field.ts'
import { checkShares, type Opened, openShares, type Share } from './openShares.ts'
import { pointOf, type SharingRound } from './round.ts'
import { element, type FieldVector } from './vectors.ts'

/** A hospital says that what it was dealt is not what the dealer proves. One of the two does not keep to the protocol. */
export type Dispute = { readonly dealer: string; readonly by: string }

/**
 * What disputes show, as long as fewer than `threshold` hospitals are false.
 * @property guilty - In dispute with `threshold` others or more: one of those is honest, and two honest ones never dispute.
 * @property pairs - One of each two is false. Only somebody who colludes with no hospital may look at the dealt message, and say which.
 */
export type Verdict = { readonly guilty: readonly string[]; readonly pairs: readonly Dispute[] }

/** Judges disputes; an honest hospital is never found guilty. */
export function judge(round: SharingRound, disputes: readonly Dispute[]): Verdict {
  const opponents = (hospital: string): number =>
    new Set(disputes.flatMap(({ dealer, by }) => (dealer === hospital ? [by] : by === hospital ? [dealer] : []))).size
  const guilty = round.hospitals.filter((hospital) => opponents(hospital) >= round.threshold)
  return { guilty, pairs: disputes.filter(({ dealer, by }) => !guilty.includes(dealer) && !guilty.includes(by)) }
}

/** What is needed to check sums of shares: the proofs of all dealings in the sum, none of them disputed, and the powers they were folded with. */
export type SumEvidence = { readonly proofs: readonly DealingProof[]; readonly powers: FieldVector }

/**
 * Opens sums of checked dealings. A false sum is left out and its sender named, whatever the number of shares; a wrong secret passes with a
 * chance of (elements / prime) for a coin that nobody could foresee.
 * @param sums - From each hospital the sum of all vectors it was dealt, mask's element included.
 * @throws {ShareError} As `openShares`; `sharing/too-few` when too few of the sums are true, naming the false ones and the missing.
 */
export function openSums(round: SharingRound, sums: readonly Share[], evidence: SumEvidence): Opened {
  checkShares(round, sums)
  const tampered = sums.filter((sum) => !isTrueSum(round, sum, evidence)).map(({ from }) => from)
  const trusted = sums.filter(({ from }) => !tampered.includes(from))
  if (trusted.length < round.threshold && tampered.length > 0) throw new ShareError('sharing/tampered', tampered)
  const { secrets, missing } = openShares(round, trusted)
  return {
    // The last element is the sum of the masks.
    secrets: secrets.slice(0, -2),
    tampered,
    missing: missing.filter((hospital) => !tampered.includes(hospital)),
  }
}

function isTrueSum(round: SharingRound, { from, values }: Share, { proofs, powers }: SumEvidence): boolean {
  if (values.length !== powers.length) return false
  const promised = proofs.reduce((sum, proof) => sum + element(proof, pointOf(round, from) - 1), 0n)
  return fold(round.field, values, powers) === modulo(round.field, promised)
}

/** Adds up what a hospital was dealt: its message of the summing step. */
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
