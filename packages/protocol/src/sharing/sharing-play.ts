// For the tests of this folder: seeded and exhaustive draws, and whole rounds played in one place.

import { dealChecked, foldingPowers, proveDealing } from './dealingProof.ts'
import { drawElements } from './drawElements.ts'
import { type DrawElements, modulo } from './field.ts'
import { coinOrder } from './jointCoin.ts'
import { type BoundSum, bindSum, SALT_BYTES, type SumEvidence, sumShares } from './openSums.ts'
import { answerRanks, dealCases, openRanks, openTotal, type RankingPlan } from './ranking.ts'
import { pointOf, type SharingRound } from './round.ts'
import { countOf, type FieldVector, vectorOf } from './vectors.ts'

/** Random bits that are the same for the same seed (xorshift128). */
export function seededBits(seed: number): () => number {
  let [x, y, z, w] = [seed ^ 123456789, 362436069, 521288629, 88675123]
  const next = (): number => {
    const t = x ^ (x << 11)
    ;[x, y, z] = [y, z, w]
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8)
    return w >>> 0
  }
  for (let warm = 0; warm < 20; warm++) next()
  return next
}

export function seededDraw(seed: number): DrawElements {
  const next = seededBits(seed)
  return drawElements((words) => {
    for (let index = 0; index < words.length; index++) words[index] = next()
  })
}

/** A seeded whole number from 0 to below an end. */
export function seededNumber(seed: number): (end: number) => number {
  const next = seededBits(seed)
  return (end) => Math.floor((next() / 2 ** 32) * end)
}

/** Calls `view` once for each possible outcome of all draws of so many elements of a small field, and counts what it gives. */
export function everyView(prime: bigint, draws: number, view: (draw: DrawElements) => string): Map<string, number> {
  const seen = new Map<string, number>()
  for (let outcome = 0n; outcome < prime ** BigInt(draws); outcome++) {
    let rest = outcome
    let left = draws
    const draw: DrawElements = (count) => {
      left -= count
      return vectorOf(
        Array.from({ length: count }, () => {
          const digit = modulo({ prime } as never, rest)
          rest /= prime
          return digit
        }),
      )
    }
    const what = view(draw)
    if (left !== 0) throw new RangeError(`${draws - left} elements were drawn, not ${draws}`)
    seen.set(what, (seen.get(what) ?? 0) + 1)
  }
  return seen
}

/** A checked sum up to the messages of its last step: one input for each hospital of the round. */
export function playSum(
  round: SharingRound,
  inputs: readonly FieldVector[],
  draw: DrawElements,
): { sums: BoundSum[]; evidence: SumEvidence } {
  const dealings = inputs.map((input) => dealChecked(round, input, draw))
  const sums = round.hospitals.map((from, at) => {
    const received = dealings.map((dealing) => dealing[at]!)
    return { from, values: sumShares(round, received), salt: new Uint8Array(SALT_BYTES).fill(at) }
  })
  const bindings = new Map(sums.map(({ from, values, salt }) => [from, bindSum({ round: 'play', hospital: from }, values, salt)]))
  const powers = foldingPowers(round.field, 987_654_321_987n, countOf(inputs[0]!))
  const proofs = dealings.map((dealing) => proveDealing(round, dealing, powers))
  return { sums, evidence: { roundId: 'play', bindings, proofs, powers } }
}

/** Whose cases, by hospital: their scores. */
export type Waiting = Readonly<Record<string, readonly number[]>>

/** A whole ranking: everybody deals, those who `answer` answer, everybody who deals opens its ranks. */
export function playRanking(
  plan: RankingPlan,
  waiting: Waiting,
  { draw, coin, answering = plan.round.hospitals }: { draw: DrawElements; coin: Uint8Array; answering?: readonly string[] },
): { readonly ranks: Record<string, readonly number[]>; readonly total: number; readonly order: readonly number[] } {
  const dealt = Object.entries(waiting).map(([dealer, scores]) => ({ dealer, ...dealCases(plan, scores, draw) }))
  const order = coinOrder(coin, plan.slots * plan.round.hospitals.length)
  const answers = answering.map((hospital) => {
    const at = pointOf(plan.round, hospital) - 1
    const received = new Map(dealt.map(({ dealer, selectors, zeros }) => [dealer, { selectors: selectors[at]!, zeros: zeros[at]! }]))
    return { from: hospital, ...answerRanks(plan, received, order) }
  })
  const total = openTotal(
    plan.round,
    answers.map(({ from, total }) => ({ from, values: total })),
  )
  const ranks = Object.entries(waiting).map(([owner, scores]) => {
    const shares = answers.map(({ from, ranks }) => ({ from, values: ranks.get(owner)! }))
    return [owner, openRanks(plan, shares, { cases: scores.length, total }).ranks] as const
  })
  return { ranks: Object.fromEntries(ranks), total, order }
}

/** The same in clear: all cases sorted by score, the higher first, then by the order. */
export function sortedInClear(plan: RankingPlan, waiting: Waiting, order: readonly number[]): Record<string, readonly number[]> {
  const placeOf = new Map(order.map((slot, place) => [slot, place]))
  const cases = Object.entries(waiting).flatMap(([owner, scores]) => {
    const from = (pointOf(plan.round, owner) - 1) * plan.slots
    return scores.map((score, slot) => ({ owner, slot, score, place: placeOf.get(from + slot)! }))
  })
  cases.sort((one, other) => other.score - one.score || one.place - other.place)
  const ranks: Record<string, number[]> = Object.fromEntries(Object.keys(waiting).map((owner) => [owner, []]))
  for (const [index, { owner, slot }] of cases.entries()) ranks[owner]![slot] = index + 1
  return ranks
}
