import type { StatisticsResult } from '@medsync/protocol'
import {
  type Answer,
  answerTo,
  isLargeEnough,
  privateAnswerTo,
  QuestionError,
  ShareError,
  type SharingRound,
  sharingRound,
  signed,
  toBigInts,
  vectorOf,
} from '@medsync/protocol/sharing'
import * as z from 'zod'
import { CheckedSum } from './checkedSum.ts'
import { openBodies, sealedOf } from './openBody.ts'
import { RoundBlame } from './roundBlame.ts'
import { RoundCoin } from './roundCoin.ts'
import type { Remembered } from './roundMemory.ts'
import type { ReceivedMessage, RoundOutcome, RoundPlace, RoundPlay, RoundStep, StepMessage } from './roundPlay.ts'
import { needsToJoin } from './roundSteps.ts'
import type { StatisticsInput } from './statisticsInput.ts'
import { type Asked, arithmeticOf, cellsOf, checkAgainst, mayTell, type Told, toldBy } from './statisticsTold.ts'
import { takeVerdicts } from './takeVerdicts.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const boundSchema = z.strictObject({ counts: hash, values: hash })
const proofsSchema = z.strictObject({ counts: z.string().max(1_048_576), values: z.string().max(1_048_576) })

/** The steps of a statistics round after the joining. */
export function statisticsSteps(threshold: number): RoundStep[] {
  return [
    { name: 'deal', parts: 1, needs: needsToJoin(threshold) },
    { name: 'bind', parts: 1, needs: 'all' },
    { name: 'toss', parts: 1, needs: 'all' },
    { name: 'prove', parts: 1, needs: 'all' },
    { name: 'check', parts: 1, needs: threshold },
    { name: 'counts', parts: 1, needs: threshold },
    { name: 'values', parts: 1, needs: threshold },
  ]
}

/** What a statistics round is about, and what this hospital puts in. */
export type StatisticsGame = {
  readonly asked: Asked
  readonly deadlineS: number
  /** What all hospitals remember of earlier answers on the field. */
  readonly told: readonly Told[]
  readonly input: StatisticsInput
  /** Whose executor is which hospital, for the memory. */
  readonly nameOf: (executor: string) => string
}

/** A statistics round at one hospital: two checked sums, the counts' and the values', of which the second is opened only if the first allows it. */
export class StatisticsPlay implements RoundPlay {
  readonly steps: readonly RoundStep[]
  readonly #place: RoundPlace
  readonly #game: StatisticsGame
  readonly #coin: RoundCoin
  #round: SharingRound = sharingRound(['', ' '], 2)
  #sums: { readonly counts: CheckedSum; readonly values: CheckedSum } | undefined
  #dealers: readonly string[] = []
  #disputes: readonly string[] = []
  #cohort = 0n
  /** What is told; undefined before that is known, and when nothing is. */
  #told: Told | undefined
  #tampered = new Set<string>()
  #result: StatisticsResult | undefined

  constructor(place: RoundPlace, game: StatisticsGame) {
    this.#place = place
    this.#game = game
    this.#coin = new RoundCoin(place)
    this.steps = statisticsSteps(place.threshold)
  }

  begin(hospitals: readonly string[]): void {
    const { input } = this.#game
    this.#round = sharingRound(hospitals, this.#place.threshold)
    const vector = (texts: readonly string[]) => vectorOf(texts.map(BigInt))
    this.#sums = {
      counts: new CheckedSum(this.#place, 'counts', this.#round, vector(input.counts)),
      values: new CheckedSum(this.#place, 'values', this.#round, vector(input.values)),
    }
  }

  compose(step: string, counted: readonly string[]): StepMessage {
    const { counts, values } = this.#started
    const forAll = (body: unknown): StepMessage => ({ body, sealed: new Map() })
    const forEach = (body: unknown, contents: (hospital: string) => Uint8Array): StepMessage => ({
      body,
      sealed: new Map(counted.filter((hospital) => hospital !== this.#place.me).map((hospital) => [hospital, contents(hospital)])),
    })
    switch (step) {
      case 'deal':
        return forEach({ nonce: this.#coin.commitment }, (to) => Buffer.concat([counts.dealtTo(to), values.dealtTo(to)]))
      case 'bind':
        return forAll({ counts: counts.binding, values: values.binding })
      case 'toss':
        return forAll(this.#coin.reveal)
      case 'prove':
        return forAll({ counts: counts.proof, values: values.proof })
      case 'check':
        return forAll({ disputes: this.#disputes })
      case 'counts':
        return forEach({}, () => counts.answer)
      default:
        return forEach({}, () => values.answer)
    }
  }

  /** Noise is paid for by whoever deals it: enough others can read a dealing, and give the round up. An answer is remembered by whoever gives it. */
  remembered(step: string): Remembered | undefined {
    const { asked, deadlineS, nameOf } = this.#game
    const { privacy } = asked.question
    if (privacy !== undefined)
      return step === 'deal' ? { spent: { ...privacy, deadlineS, hospitals: [nameOf(this.#place.me)] } } : undefined
    return step === 'values' && this.#told !== undefined ? { told: [this.#told] } : undefined
  }

  take(step: string, messages: readonly ReceivedMessage[]): void {
    const takers: Record<string, () => void> = {
      deal: () => this.#takeDealt(messages),
      bind: () => this.#takeBound(messages),
      toss: () => this.#takeTossed(messages),
      prove: () => this.#takeProven(messages),
      check: () => takeVerdicts(this.#round, messages),
      counts: () => this.#takeCounts(messages),
      values: () => this.#takeValues(messages),
    }
    takers[step]?.()
  }

  outcome(): RoundOutcome | undefined {
    if (this.#result === undefined) return undefined
    return { result: this.#result, tampered: [...this.#tampered].sort(), ranks: undefined }
  }

  #takeDealt(messages: readonly ReceivedMessage[]): void {
    const { counts, values } = this.#started
    const { told, asked, nameOf } = this.#game
    this.#coin.takeCommitments(messages)
    const dealt = sealedOf(messages, this.#place.me)
    for (const [dealer, bytes] of dealt) {
      if (dealer !== this.#place.me && bytes.length !== counts.dealtBytes + values.dealtBytes)
        throw new ShareError('sharing/wrong-length', [dealer])
    }
    const cut = (from: number, to?: number) => new Map([...dealt].map(([dealer, bytes]) => [dealer, bytes.slice(from, to)]))
    counts.takeDealt(cut(0, counts.dealtBytes))
    values.takeDealt(cut(counts.dealtBytes))
    this.#dealers = messages.map(({ from }) => from)
    try {
      checkAgainst(asked, told, { hospitals: this.#dealers.map(nameOf), threshold: this.#place.threshold })
    } catch (cause) {
      throw new RoundBlame('rounds/other-hospitals', [], { cause })
    }
  }

  #takeBound(messages: readonly ReceivedMessage[]): void {
    const bound = openBodies(messages, boundSchema)
    for (const name of ['counts', 'values'] as const) {
      this.#started[name].takeBindings(new Map([...bound].map(([from, hashes]) => [from, hashes[name]])))
    }
  }

  #takeTossed(messages: readonly ReceivedMessage[]): void {
    const coin = this.#coin.takeNonces(messages)
    this.#started.counts.takeCoin(coin)
    this.#started.values.takeCoin(coin)
  }

  #takeProven(messages: readonly ReceivedMessage[]): void {
    const proofs = openBodies(messages, proofsSchema)
    const disputes = (['counts', 'values'] as const).flatMap((name) =>
      this.#started[name].takeProofs(new Map([...proofs].map(([from, texts]) => [from, texts[name]]))),
    )
    this.#disputes = [...new Set(disputes)].sort()
  }

  /** From the counts all know what may be told, before anybody sends a value. */
  #takeCounts(messages: readonly ReceivedMessage[]): void {
    const { asked, told: before } = this.#game
    const { secrets, tampered } = this.#started.counts.open(sealedOf(messages, this.#place.me))
    for (const hospital of tampered) this.#tampered.add(hospital)
    const [cohort = 0n, ...counted] = toBigInts(secrets)
    this.#cohort = cohort
    if (asked.question.privacy !== undefined) {
      this.#takeNoisedCohort(signed(cohort))
      return
    }
    const tableCells = cellsOf(asked.question).length
    const [counts, sums] = [counted.slice(0, counted.length - tableCells), counted.slice(counted.length - tableCells)]
    const answer = tableCells > 0 ? this.#answer(cohort, sums) : undefined
    if (!isLargeEnough(cohort) || answer?.kind === 'withheld') {
      this.#result = { kind: 'withheld', why: 'small-cohort' }
      return
    }
    const people = answer !== undefined && 'cells' in answer ? answer.cells : []
    const cells = people.map((cell) => cell !== null)
    if (!mayTell(asked, before, { counts, cells })) {
      this.#result = { kind: 'withheld', why: 'small-group' }
      return
    }
    const hospitals = this.#dealers.map(this.#game.nameOf)
    this.#told = toldBy(asked, { cells, counts: [Number(cohort), ...people.flatMap((cell) => cell ?? [])], hospitals })
  }

  /** With noise in it the count itself tells no more than was asked, and nothing before forbids the rest: nobody's group is told. */
  #takeNoisedCohort(cohort: bigint): void {
    if (!isLargeEnough(cohort)) this.#result = { kind: 'withheld', why: 'small-cohort' }
    else if (this.#game.asked.question.measure.kind === 'count') this.#tellNoised([])
  }

  #tellNoised(sums: readonly bigint[]): void {
    const { question } = this.#game.asked
    const opened = { hospitals: this.#dealers.length, cohort: this.#cohort, sums }
    const answer = orImpossible(() => privateAnswerTo(arithmeticOf(question), question.privacy!, opened))
    if (answer.kind === 'withheld') this.#result = { kind: 'withheld', why: 'small-cohort' }
    else this.#result = 'cells' in answer ? { ...answer, cells: [...answer.cells] } : answer
  }

  #takeValues(messages: readonly ReceivedMessage[]): void {
    const { secrets, tampered } = this.#started.values.open(sealedOf(messages, this.#place.me))
    for (const hospital of tampered) this.#tampered.add(hospital)
    const sums = toBigInts(secrets)
    if (this.#game.asked.question.privacy === undefined) this.#tell(sums)
    else this.#tellNoised(sums)
  }

  #tell(sums: readonly bigint[]): void {
    const answer = this.#answer(this.#cohort, sums)
    const told = 'cells' in answer ? answer.cells.map((cell) => cell !== null) : []
    if (answer.kind === 'withheld' || told.some((isTold, cell) => isTold !== this.#told?.cells[cell]))
      throw new RoundBlame('sharing/impossible-sums', [])
    this.#result = 'cells' in answer ? { ...answer, cells: [...answer.cells] } : answer
  }

  #answer(cohort: bigint, sums: readonly bigint[]): Answer {
    return orImpossible(() => answerTo(arithmeticOf(this.#game.asked.question), cohort, sums))
  }

  get #started() {
    if (this.#sums === undefined) throw new RangeError('a round is begun before it is played')
    return this.#sums
  }
}

/** @throws {RoundBlame} `sharing/impossible-sums` */
function orImpossible<T>(answer: () => T): T {
  try {
    return answer()
  } catch (cause) {
    if (cause instanceof QuestionError) throw new RoundBlame('sharing/impossible-sums', [], { cause })
    throw cause
  }
}
