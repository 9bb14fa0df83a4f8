import type { Dealing } from './dealingProof.ts'
import type { Field } from './field.ts'
import { coinElement } from './jointCoin.ts'
import { interpolate, isConsistent, type Share } from './openShares.ts'
import { pointOf, type SharingRound } from './round.ts'
import { element, type FieldVector, part, sameVector, setElement, vectorOf, zeros } from './vectors.ts'

// A dealer of a 2, a -1, or of several scores for one case would move the others' ranks, and could read their scores out of its own rank. So it proves
// that each slot is all zeros or a single one. For random weights r that holds if and only if (sum of r v)^2 = sum of r^2 v, but for a chance of 2 in
// the prime. The dealer deals a random number a for each slot, and its square. Once the coin has given r, everybody may see y = (sum of r v) + a, and
// then the difference of both sides is y^2 - 2 y a + a^2 - (sum of r^2 v): linear in what was dealt. As with the proof of a dealing, the dealer
// publishes everybody's shares of all y and of the sum of all differences, and whoever holds something else disputes it.

/** How many slots of how many scores a dealer deals. */
export type SelectorShape = { readonly slots: number; readonly scores: number }
/** The coin's weights of scores, their squares, and those of slots. */
export type SelectorChallenge = { readonly weights: FieldVector; readonly squares: FieldVector; readonly slots: FieldVector }
/** Everybody's shares, in the round's order: of each slot's y, and of the test, which must be zero. Public. */
export type SelectorProof = { readonly opened: readonly FieldVector[]; readonly test: FieldVector }

/** Elements that are dealt: the selectors, each slot's a, its square, and a zero that hides the test. */
export const dealtPerDealer = ({ slots, scores }: SelectorShape): number => slots * (scores + 2) + 1

/** What is dealt beside the selectors. @param masks - A random element for each slot. */
export function proofSecrets(field: Field, masks: FieldVector): FieldVector[] {
  const squares = zeros(masks.length / 2)
  for (let slot = 0; slot < masks.length / 2; slot++) {
    field.addDot(squares, slot, { left: masks, leftAt: slot, right: masks, rightAt: slot, count: 1 })
  }
  return [masks, squares, zeros(1)]
}

/** The challenge that a coin gives; nobody may know it before all have dealt. */
export function selectorChallenge(field: Field, { slots, scores }: SelectorShape, coin: Uint8Array): SelectorChallenge {
  const drawn = (label: string, count: number) =>
    vectorOf(Array.from({ length: count }, (_, index) => coinElement(field, coin, `${label} ${index}`)))
  return challengeOf(field, drawn('score', scores), drawn('slot', slots))
}

/** As `selectorChallenge`, from the weights themselves. */
export function challengeOf(field: Field, weights: FieldVector, slots: FieldVector): SelectorChallenge {
  return { weights, squares: proofSecrets(field, weights)[1]!, slots }
}

/** What a dealer publishes once the coin is known. @param dealing - All that it dealt to each hospital. */
export function proveSelectors(round: SharingRound, shape: SelectorShape, dealing: Dealing, challenge: SelectorChallenge): SelectorProof {
  const opened = dealing.map((dealt) => openedShare(round.field, shape, dealt, challenge))
  const y = valuesAt0(round, opened)
  const test = zeros(dealing.length)
  for (const [at, dealt] of dealing.entries()) setElement(test, at, testShare(round.field, shape, { dealt, y }, challenge))
  return { opened, test }
}

/** Whether a proof is one that an honest dealer can publish; if not, the dealer alone is to blame. */
export function isPossibleSelectorProof(round: SharingRound, { slots }: SelectorShape, { opened, test }: SelectorProof): boolean {
  const vectors = [...opened, test]
  const isWhole =
    opened.length === round.hospitals.length && opened.every(({ length }) => length === 2 * slots) && test.length === 2 * opened.length
  if (!isWhole || vectors.some((vector) => round.field.firstOutside(vector) >= 0)) return false
  const tests = opened.map((_, at) => test.slice(2 * at, 2 * at + 2))
  const lieOnPolynomials = [opened, tests].every((values) => isConsistent(round, sharesOf(round, values), round.threshold))
  return lieOnPolynomials && element(valuesAt0(round, tests), 0) === 0n
}

/** Whether what a hospital was dealt is what the proof says of it; if not, it disputes the dealing. Only for a possible proof. */
export function agreesWithSelectors(
  round: SharingRound,
  shape: SelectorShape,
  { hospital, dealt }: { readonly hospital: string; readonly dealt: FieldVector },
  proof: SelectorProof,
  challenge: SelectorChallenge,
): boolean {
  if (dealt.length < 2 * dealtPerDealer(shape) || round.field.firstOutside(dealt) >= 0) return false
  const at = pointOf(round, hospital) - 1
  if (!sameVector(openedShare(round.field, shape, dealt, challenge), proof.opened[at]!)) return false
  const y = valuesAt0(round, proof.opened)
  return testShare(round.field, shape, { dealt, y }, challenge) === element(proof.test, at)
}

function openedShare(field: Field, { slots, scores }: SelectorShape, dealt: FieldVector, { weights }: SelectorChallenge): FieldVector {
  const shares = part(dealt, slots * scores, slots * (scores + 1)).slice()
  for (let slot = 0; slot < slots; slot++) {
    field.addDot(shares, slot, { left: dealt, leftAt: slot * scores, right: weights, rightAt: 0, count: scores })
  }
  return shares
}

/** Share of the sum over all slots of slot's weight * (y^2 - 2 y a + a^2 - sum of r^2 v), hidden by the dealt zero. */
function testShare(
  field: Field,
  { slots, scores }: SelectorShape,
  { dealt, y }: { readonly dealt: FieldVector; readonly y: FieldVector },
  challenge: SelectorChallenge,
): bigint {
  const [, ySquares] = proofSecrets(field, y)
  const differences = part(dealt, slots * (scores + 1), slots * (scores + 2)).slice()
  field.add(differences, ySquares!)
  const less = zeros(slots)
  for (let slot = 0; slot < slots; slot++) {
    for (let twice = 0; twice < 2; twice++) {
      field.addDot(less, slot, { left: y, leftAt: slot, right: dealt, rightAt: slots * scores + slot, count: 1 })
    }
    field.addDot(less, slot, { left: dealt, leftAt: slot * scores, right: challenge.squares, rightAt: 0, count: scores })
  }
  field.addScaled(differences, less, field.prime - 1n)
  const sum = part(dealt, slots * (scores + 2), slots * (scores + 2) + 1).slice()
  field.addDot(sum, 0, { left: differences, leftAt: 0, right: challenge.slots, rightAt: 0, count: slots })
  return element(sum, 0)
}

const valuesAt0 = (round: SharingRound, shares: readonly FieldVector[]): FieldVector =>
  interpolate(round, sharesOf(round, shares).slice(0, round.threshold), 0)

const sharesOf = ({ hospitals }: SharingRound, values: readonly FieldVector[]): Share[] =>
  hospitals.map((from, at) => ({ from, values: values[at]! }))
