import {
  agreesWith,
  agreesWithSelectors,
  answerRanks,
  coinElement,
  coinOrder,
  countOf,
  type DealtCases,
  dealCases,
  dealtPerDealer,
  type FieldVector,
  foldingPowers,
  isPossibleProof,
  isPossibleSelectorProof,
  isPossibleZeroProof,
  openRanks,
  openTotal,
  productThreshold,
  proveDealing,
  proveSelectors,
  type RankingAnswers,
  type RankingPlan,
  type ReceivedCases,
  rankingPlan,
  type Share,
  ShareError,
  selectorChallenge,
  sharingRound,
} from '@medsync/protocol/sharing'
import * as z from 'zod'
import { openBodies, sealedOf } from './openBody.ts'
import { RoundBlame } from './roundBlame.ts'
import { RoundCoin } from './roundCoin.ts'
import type { ReceivedMessage, RoundOutcome, RoundPlace, RoundPlay, RoundStep, StepMessage } from './roundPlay.ts'
import { rosterOf } from './roundSeed.ts'
import { needsToJoin, partsFor } from './roundSteps.ts'
import { SEED_BYTES, seedShare, unpackDealt } from './seededShare.ts'
import { takeVerdicts } from './takeVerdicts.ts'
import { bytesVector, textVector, vectorBytes, vectorText } from './vectorBytes.ts'

/** Scores are whole numbers from 0 to 100. */
const SCORES = 101
/** Letters: no contribution to a round is longer. */
const vectorSchema = z.string().max(1_048_576)
const proofSchema = z.strictObject({
  selectors: vectorSchema,
  zeros: vectorSchema,
  opened: z.array(vectorSchema).max(12),
  test: vectorSchema,
})
const totalSchema = z.strictObject({ total: vectorSchema })
const openedSchema = z.strictObject({ opened: z.literal(true) })

/** The steps of a ranking after the joining. */
export function rankingSteps(slots: number, parties: number, threshold: number): RoundStep[] {
  const product = 2 * threshold - 1
  const zeros = 8 * (slots * parties + 1) + 1
  const selectors = 8 * (dealtPerDealer({ slots, scores: SCORES }) + 1)
  // To each other party; to one of them a seed in place of the selectors.
  const dealt = Array.from({ length: parties - 1 }, (_, at) => zeros + (at === 0 ? SEED_BYTES : selectors))
  const answers = Array<number>(parties - 1).fill(8 * slots)
  return [
    { name: 'deal', parts: partsFor(dealt), needs: needsToJoin(threshold) },
    { name: 'toss', parts: 1, needs: 'all' },
    { name: 'prove', parts: 1, needs: 'all' },
    { name: 'check', parts: 1, needs: product },
    { name: 'answer', parts: partsFor(answers), needs: product },
    { name: 'open', parts: 1, needs: threshold },
  ]
}

/** What a ranking is about, and this hospital's scores. */
export type RankingGame = { readonly slots: number; readonly parties: number; readonly scores: readonly number[] }

/** A ranking at one hospital. */
export class RankingPlay implements RoundPlay {
  readonly steps: readonly RoundStep[]
  readonly #place: RoundPlace
  readonly #game: RankingGame
  readonly #coin: RoundCoin
  #plan: RankingPlan | undefined
  #own: DealtCases | undefined
  #received: ReadonlyMap<string, ReceivedCases> = new Map()
  #challenge: { readonly coin: Uint8Array; readonly selectors: FieldVector; readonly zeros: FieldVector } | undefined
  #disputes: readonly string[] = []
  #answers: RankingAnswers | undefined
  #opened: { readonly ranks: readonly number[] | undefined; readonly total: number; readonly tampered: readonly string[] } | undefined
  #isOver = false

  constructor(place: RoundPlace, game: RankingGame) {
    this.#place = place
    this.#game = game
    this.#coin = new RoundCoin(place)
    this.steps = rankingSteps(game.slots, game.parties, place.threshold)
  }

  begin(hospitals: readonly string[]): void {
    const { seed, threshold } = this.#place
    const plan = rankingPlan(sharingRound(hospitals, threshold), this.#game.slots, SCORES)
    const dealt = dealCases(plan, this.#game.scores, seed.draw(`deal ${rosterOf(hospitals)}`))
    this.#plan = plan
    this.#own = { ...dealt, selectors: seedShare(plan.round, dealt.selectors, this.#seeded(hospitals), this.#shareSeed(hospitals)) }
  }

  compose(step: string, counted: readonly string[]): StepMessage {
    const { me } = this.#place
    const others = (hospitals: readonly string[]) => hospitals.filter((hospital) => hospital !== me)
    switch (step) {
      case 'deal':
        return { body: { nonce: this.#coin.commitment }, sealed: new Map(others(counted).map((to) => [to, this.#dealtTo(to)])) }
      case 'toss':
        return { body: this.#coin.reveal, sealed: new Map() }
      case 'prove':
        return { body: this.#proof(), sealed: new Map() }
      case 'check':
        return { body: { disputes: this.#disputes }, sealed: new Map() }
      case 'answer':
        return this.#answer(others([...this.#received.keys()]))
      default:
        return { body: { opened: true }, sealed: new Map() }
    }
  }

  /** Ranks forbid no later question. */
  remembered(): undefined {
    return undefined
  }

  take(step: string, messages: readonly ReceivedMessage[]): void {
    const takers: Record<string, () => void> = {
      deal: () => this.#takeDealt(messages),
      toss: () => this.#takeTossed(messages),
      prove: () => this.#takeProven(messages),
      check: () => takeVerdicts(this.#begun.round, messages),
      answer: () => this.#takeAnswers(messages),
      open: () => this.#takeOpened(messages),
    }
    takers[step]?.()
  }

  outcome(): RoundOutcome | undefined {
    if (!this.#isOver || this.#opened === undefined) return undefined
    const { ranks, total, tampered } = this.#opened
    return { result: { kind: 'ranking', total, nonces: this.#coin.nonces }, tampered: [...tampered].sort(), ranks }
  }

  /** Whose share of the selectors is a seed: the next hospital's, so that all receive as much. */
  #seeded(hospitals: readonly string[]): string {
    return hospitals[(hospitals.indexOf(this.#place.me) + 1) % hospitals.length]!
  }

  #shareSeed(hospitals: readonly string[]): Uint8Array {
    return this.#place.seed.bytes(`share ${rosterOf(hospitals)}`)
  }

  #dealtTo(hospital: string): Uint8Array {
    const { hospitals } = this.#begun.round
    const at = hospitals.indexOf(hospital)
    const zeros = vectorBytes(this.#own!.zeros[at]!)
    if (hospital === this.#seeded(hospitals)) return Buffer.concat([Uint8Array.of(1), this.#shareSeed(hospitals), zeros])
    return Buffer.concat([Uint8Array.of(0), vectorBytes(this.#own!.selectors[at]!), zeros])
  }

  #takeDealt(messages: readonly ReceivedMessage[]): void {
    const { round, slots, scores } = this.#begun
    const at = round.hospitals.indexOf(this.#place.me)
    const sizes = { selectors: dealtPerDealer({ slots, scores }) + 1, zeros: slots * round.hospitals.length + 1 }
    this.#coin.takeCommitments(messages)
    const received = new Map<string, ReceivedCases>()
    for (const [dealer, bytes] of sealedOf(messages, this.#place.me)) {
      const isOwn = dealer === this.#place.me
      const dealt = isOwn ? { selectors: this.#own!.selectors[at]!, zeros: this.#own!.zeros[at]! } : unpackDealt(bytes, sizes)
      if (dealt === undefined) throw new ShareError('sharing/wrong-length', [dealer])
      if (round.field.firstOutside(dealt.selectors) >= 0 || round.field.firstOutside(dealt.zeros) >= 0)
        throw new ShareError('sharing/outside-field', [dealer])
      received.set(dealer, dealt)
    }
    this.#received = received
  }

  #takeTossed(messages: readonly ReceivedMessage[]): void {
    const { round, slots, scores } = this.#begun
    const coin = this.#coin.takeNonces(messages)
    const powers = (label: string, count: number) => foldingPowers(round.field, coinElement(round.field, coin, label), count)
    this.#challenge = {
      coin,
      selectors: powers('selectors', dealtPerDealer({ slots, scores })),
      zeros: powers('zeros', slots * round.hospitals.length),
    }
  }

  #proof() {
    const { round, slots, scores } = this.#begun
    const { coin, selectors, zeros } = this.#tossed
    const { opened, test } = proveSelectors(
      round,
      { slots, scores },
      this.#own!.selectors,
      selectorChallenge(round.field, { slots, scores }, coin),
    )
    return {
      selectors: vectorText(proveDealing(round, this.#own!.selectors, selectors)),
      zeros: vectorText(proveDealing(round, this.#own!.zeros, zeros)),
      opened: opened.map(vectorText),
      test: vectorText(test),
    }
  }

  #takeProven(messages: readonly ReceivedMessage[]): void {
    const { round, slots, scores } = this.#begun
    const { coin, selectors, zeros } = this.#tossed
    const shape = { slots, scores }
    const challenge = selectorChallenge(round.field, shape, coin)
    const { me } = this.#place
    const disputes: string[] = []
    for (const [dealer, text] of openBodies(messages, proofSchema)) {
      const proof = { opened: text.opened.map(textVector), test: textVector(text.test) }
      const [dealtSelectors, dealtZeros] = [textVector(text.selectors), textVector(text.zeros)]
      const isPossible =
        isPossibleProof(round, dealtSelectors) && isPossibleZeroProof(round, dealtZeros) && isPossibleSelectorProof(round, shape, proof)
      if (!isPossible) throw new RoundBlame('rounds/false-dealing', [dealer])
      const dealt = this.#received.get(dealer)!
      const agrees =
        agreesWith(round, me, dealt.selectors, dealtSelectors, selectors) &&
        agreesWith(round, me, dealt.zeros, dealtZeros, zeros) &&
        agreesWithSelectors(round, shape, { hospital: me, dealt: dealt.selectors }, proof, challenge)
      if (!agrees) disputes.push(dealer)
    }
    this.#disputes = disputes.sort()
  }

  #answer(owners: readonly string[]): StepMessage {
    const plan = this.#begun
    const order = coinOrder(this.#tossed.coin, plan.slots * plan.round.hospitals.length)
    const { total, ranks } = answerRanks(plan, this.#received, order)
    this.#answers = { total, ranks }
    return { body: { total: vectorText(total) }, sealed: new Map(owners.map((owner) => [owner, vectorBytes(ranks.get(owner)!)])) }
  }

  #takeAnswers(messages: readonly ReceivedMessage[]): void {
    const plan = this.#begun
    const { me } = this.#place
    const totals = [...openBodies(messages, totalSchema)].map(([from, { total }]) => ({ from, values: textVector(total) }))
    const total = openTotal(plan.round, totals)
    const shares = [...sealedOf(messages, me)].map(([from, bytes]) => ({
      from,
      values: from === me ? this.#answers!.ranks.get(me)! : (bytesVector(bytes) ?? new Uint32Array()),
    }))
    const strange = shares.filter(({ values }) => countOf(values) !== plan.slots || plan.round.field.firstOutside(values) >= 0)
    const trusted = shares.filter((share) => !strange.includes(share))
    if (trusted.length < productThreshold(plan.round))
      throw new ShareError(
        'sharing/tampered',
        strange.map(({ from }) => from),
      )
    const { ranks, tampered } = this.#ranksIn(trusted, total)
    this.#opened = { ranks, total, tampered: [...tampered, ...strange.map(({ from }) => from)] }
  }

  /**
   * No ranks when they cannot be: that is for this hospital to know. Said aloud it would answer whoever changed one place's share whether there is a case.
   */
  #ranksIn(
    shares: readonly Share[],
    total: number,
  ): { readonly ranks: readonly number[] | undefined; readonly tampered: readonly string[] } {
    try {
      return openRanks(this.#begun, shares, { cases: this.#game.scores.length, total })
    } catch (failure) {
      if (!(failure instanceof ShareError && failure.code === 'sharing/impossible-rank')) throw failure
      return { ranks: undefined, tampered: [] }
    }
  }

  #takeOpened(messages: readonly ReceivedMessage[]): void {
    openBodies(messages, openedSchema)
    this.#isOver = true
  }

  get #begun(): RankingPlan {
    if (this.#plan === undefined) throw new RangeError('a round is begun before it is played')
    return this.#plan
  }

  get #tossed() {
    if (this.#challenge === undefined) throw new RangeError('nobody proves before the coin is tossed')
    return this.#challenge
  }
}
