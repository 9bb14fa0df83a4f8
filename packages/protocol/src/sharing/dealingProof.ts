import { dealProductShares, dealShares } from './dealShares.ts'
import type { DrawElements, Field } from './field.ts'
import { interpolate, isConsistent, type Share } from './openShares.ts'
import { pointOf, productThreshold, type SharingRound } from './round.ts'
import { countOf, element, type FieldVector, joined, setElement, zeros } from './vectors.ts'

// How a false share is traced to its sender. Beside its secrets each dealer deals one random value, the mask. Once all shares are out a coin is
// tossed, and its powers fold each vector of shares, mask included, into one number. The dealer publishes these numbers for all hospitals; they say
// nothing, for the mask hides them. Each hospital compares its own and disputes what differs. Who disputed nothing has thereby agreed to
// what its sums must fold to, so that a false sum names its sender (`openSums`), even when just as many shares are there as are needed.

/** Shares for every hospital, in the round's order; the last element of each is the mask's. */
export type Dealing = readonly FieldVector[]
/** The folded shares of all hospitals, in the round's order: public. */
export type DealingProof = FieldVector

/** Deals secrets so that it can be proven to be well done. */
export function dealChecked(round: SharingRound, secrets: FieldVector, draw: DrawElements): Dealing {
  return dealShares(round, joined([secrets, draw(1)]), draw)
}

/** Deals shares of zero, of a product's degree: added to a product they hide all of it but its value. */
export function dealZeros(round: SharingRound, count: number, draw: DrawElements): Dealing {
  return dealProductShares(round, zeros(count + 1), draw)
}

/** The coin's powers 1 to `count`, then 1 for the mask. A wrong vector passes with a chance of `count` in the prime. */
export function foldingPowers(field: Field, point: bigint, count: number): FieldVector {
  const powers = zeros(count + 1)
  let power = 1n
  for (let index = 0; index < count; index++) {
    power = (power * point) % field.prime
    setElement(powers, index, power)
  }
  setElement(powers, count, 1n)
  return powers
}

/** Folds a vector of shares; linear, so folded sums are sums of folded ones. */
export function fold(field: Field, values: FieldVector, powers: FieldVector): bigint {
  const folded = zeros(1)
  field.addDot(folded, 0, { left: values, leftAt: 0, right: powers, rightAt: 0, count: countOf(powers) })
  return element(folded, 0)
}

/** What a dealer publishes once the coin is known. */
export function proveDealing({ field }: SharingRound, dealing: Dealing, powers: FieldVector): DealingProof {
  const proof = zeros(dealing.length)
  for (const [index, values] of dealing.entries()) setElement(proof, index, fold(field, values, powers))
  return proof
}

/** Whether a proof is one that an honest dealer can publish; if not, the dealer alone is to blame. */
export function isPossibleProof(round: SharingRound, proof: DealingProof): boolean {
  return isPolynomial(round, proof, round.threshold)
}

/** As `isPossibleProof`, for `dealZeros`: of a product's degree, and zero at 0. */
export function isPossibleZeroProof(round: SharingRound, proof: DealingProof): boolean {
  const needed = productThreshold(round)
  if (!isPolynomial(round, proof, needed)) return false
  return element(interpolate(round, sharesOf(round, proof).slice(0, needed), 0), 0) === 0n
}

/** Whether what a hospital was dealt is what the dealer's proof says of it; if not, it disputes the dealing. */
export function agreesWith(round: SharingRound, hospital: string, dealt: FieldVector, proof: DealingProof, powers: FieldVector): boolean {
  if (dealt.length !== powers.length || round.field.firstOutside(dealt) >= 0) return false
  return fold(round.field, dealt, powers) === element(proof, pointOf(round, hospital) - 1)
}

function isPolynomial(round: SharingRound, proof: DealingProof, needed: number): boolean {
  if (countOf(proof) !== round.hospitals.length || round.field.firstOutside(proof) >= 0) return false
  return isConsistent(round, sharesOf(round, proof), needed)
}

function sharesOf({ hospitals }: SharingRound, proof: DealingProof): Share[] {
  return hospitals.map((from, index) => ({ from, values: proof.slice(2 * index, 2 * index + 2) }))
}
