import { type Dealing, dealChecked, dealZeros } from './dealingProof.ts'
import { RoundError, ShareError } from './errors.ts'
import type { DrawElements } from './field.ts'
import { type Opened, openShares, type Share } from './openShares.ts'
import { pointOf, productThreshold, type SharingRound } from './round.ts'
import { dealtPerDealer, proofSecrets } from './selectorProof.ts'
import { element, type FieldVector, joined, part, setElement, vectorOf, zeros } from './vectors.ts'

// Each hospital has the same number of slots, and puts its cases into some. A case is dealt as one shared 0 or 1 for each score, a free slot as zeros
// only. Slots are gone through in an order that a coin fixed after the dealing. With S the shared number of cases of each higher score, and R that of
// the cases so far by score, a case's rank is 1 + S + R at its own score: one inner product of shared vectors, opened to its hospital alone.

/** @property slots - Places for cases at each hospital, the same for all, so that nobody's number shows. @property scores - Scores go from 0 to one less. */
export type RankingPlan = { readonly round: SharingRound; readonly slots: number; readonly scores: number }

/** A hospital's messages of the dealing step, by receiver; the selectors with what proves them, see `selectorProof.ts`. */
export type DealtCases = { readonly selectors: Dealing; readonly zeros: Dealing }
/** What one hospital was dealt by another. */
export type ReceivedCases = { readonly selectors: FieldVector; readonly zeros: FieldVector }

/**
 * Checks and makes a plan.
 * @param slots - At least the most cases that any hospital has; agreed before, not derived from the cases.
 * @throws {RoundError} `sharing/impossible-round`: fewer hospitals than a product needs, or more cases than the field can count.
 */
export function rankingPlan(round: SharingRound, slots: number, scores = 101): RankingPlan {
  const needed = productThreshold(round)
  const areWhole = Number.isInteger(slots) && slots > 0 && slots <= 2 ** 20 && Number.isInteger(scores) && scores > 0
  if (!areWhole || round.hospitals.length < needed || BigInt(slots * round.hospitals.length) >= round.field.prime) {
    throw new RoundError('sharing/impossible-round', `${round.hospitals.length} hospitals, ${needed} needed, ${slots} slots`)
  }
  return { round, slots, scores }
}

/**
 * The dealing step: shares of the cases, and of zeros to hide products with.
 * @param cases - Scores of the waiting cases, whole numbers; the place in the list is the slot.
 * @throws {RoundError} `sharing/too-many-cases`; `sharing/score-out-of-range`.
 */
export function dealCases({ round, slots, scores }: RankingPlan, cases: readonly number[], draw: DrawElements): DealtCases {
  if (cases.length > slots) throw new RoundError('sharing/too-many-cases', `${slots} slots`)
  const selectors = zeros(slots * scores)
  for (const [slot, score] of cases.entries()) {
    if (!Number.isInteger(score) || score < 0 || score >= scores) throw new RoundError('sharing/score-out-of-range')
    selectors[2 * (slot * scores + score)] = 1
  }
  return {
    selectors: dealChecked(round, joined([selectors, ...proofSecrets(round.field, draw(slots))]), draw),
    zeros: dealZeros(round, slots * round.hospitals.length, draw),
  }
}

/** @property total - Share of the number of all cases: for everybody. @property ranks - For each hospital, shares of its slots' ranks: for it alone. */
export type RankingAnswers = { readonly total: FieldVector; readonly ranks: ReadonlyMap<string, FieldVector> }

/**
 * The answering step, at one hospital: everything that it has to say of the order.
 * @param received - What it was dealt, by dealer; the same dealers for all, each dealing proven and undisputed.
 * @param order - `coinOrder` over all slots of all hospitals of the round; a lower place goes first among equal scores.
 * @throws {RoundError} The order is of another number of slots. @throws {ShareError} `sharing/wrong-length`: names the dealer.
 */
export function answerRanks(plan: RankingPlan, received: ReadonlyMap<string, ReceivedCases>, order: readonly number[]): RankingAnswers {
  const { round, slots, scores } = plan
  checkReceived(plan, received, order)
  const { total, ahead } = countAhead(plan, received)
  const ranks = new Map([...received.keys()].map((owner) => [owner, zeros(slots)]))
  for (const place of order) {
    const owner = round.hospitals[Math.floor(place / slots)]!
    const dealt = received.get(owner)
    if (dealt === undefined) continue
    const slot = place % slots
    const from = slot * scores
    const answers = ranks.get(owner)!
    round.field.addDot(answers, slot, { left: dealt.selectors, leftAt: from, right: ahead, rightAt: 0, count: scores })
    round.field.add(ahead, part(dealt.selectors, from, from + scores))
  }
  hideProducts(plan, received, ranks)
  return { total, ranks }
}

/** Shares of the number of cases, and for each score of one more than the cases above it. */
function countAhead({ round: { field }, slots, scores }: RankingPlan, received: ReadonlyMap<string, ReceivedCases>) {
  const histogram = zeros(scores)
  for (const { selectors } of received.values()) {
    for (let slot = 0; slot < slots; slot++) field.add(histogram, part(selectors, slot * scores, (slot + 1) * scores))
  }
  const total = zeros(1)
  const ahead = zeros(scores)
  for (let score = scores - 1; score >= 0; score--) {
    setElement(ahead, score, (element(total, 0) + 1n) % field.prime)
    field.add(total, part(histogram, score, score + 1))
  }
  return { total, ahead }
}

function hideProducts({ round, slots }: RankingPlan, received: ReadonlyMap<string, ReceivedCases>, ranks: Map<string, FieldVector>): void {
  for (const [owner, answers] of ranks) {
    const from = (pointOf(round, owner) - 1) * slots
    for (const dealt of received.values()) round.field.add(answers, part(dealt.zeros, from, from + slots))
  }
}

function checkReceived(
  { round, slots, scores }: RankingPlan,
  received: ReadonlyMap<string, ReceivedCases>,
  order: readonly number[],
): void {
  const all = slots * round.hospitals.length
  if (order.length !== all || new Set(order).size !== all) throw new RoundError('sharing/impossible-round', 'order')
  for (const [dealer, dealt] of received) {
    pointOf(round, dealer)
    if (dealt.selectors.length === 2 * (dealtPerDealer({ slots, scores }) + 1) && dealt.zeros.length === 2 * (all + 1)) continue
    throw new ShareError('sharing/wrong-length', [dealer])
  }
}

/**
 * The ranks of a hospital's own cases, from the answers of at least `productThreshold` hospitals, its own among them.
 * @param cases - How many of its slots it used.
 * @param total - As `openTotal` gave it.
 * @returns Ranks from 1, in the order of the cases, and who tampered or is missing.
 * @throws {ShareError} As `openShares`; `sharing/impossible-rank`: the answers give what is no rank, so one of them is false.
 */
export function openRanks(
  plan: RankingPlan,
  answers: readonly Share[],
  { cases, total }: { readonly cases: number; readonly total: number },
): { readonly ranks: readonly number[] } & Omit<Opened, 'secrets'> {
  const { secrets, ...blame } = openShares(plan.round, answers, { needed: productThreshold(plan.round), count: plan.slots })
  const ranks = Array.from({ length: plan.slots }, (_, slot) => Number(element(secrets, slot)))
  const used = ranks.slice(0, cases)
  const arePossible = used.every((rank) => rank >= 1 && rank <= total) && ranks.slice(cases).every((rank) => rank === 0)
  if (!arePossible || new Set(used).size !== cases) throw new ShareError('sharing/impossible-rank', [])
  return { ranks: used, ...blame }
}

/** The number of all cases, from at least the threshold of shares; see `openShares`. */
export function openTotal(round: SharingRound, totals: readonly Share[]): number {
  return Number(element(openShares(round, totals, { count: 1 }).secrets, 0))
}

/** Sum of a point's powers by rank. Over all cases it is `rankWitness` of 1 to the total, unless some ranks are not what they must be. */
export function rankWitness({ field }: SharingRound, ranks: readonly number[], point: bigint): FieldVector {
  const most = ranks.reduce((a, b) => Math.max(a, b), 0)
  const isRank = new Uint32Array(most + 1)
  for (const rank of ranks) isRank[rank]!++
  let [sum, power] = [0n, 1n]
  for (let rank = 1; rank <= most; rank++) {
    power = (power * point) % field.prime
    sum = (sum + BigInt(isRank[rank]!) * power) % field.prime
  }
  return vectorOf([sum])
}
