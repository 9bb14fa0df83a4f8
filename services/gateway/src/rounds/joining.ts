import type { MemberView, RoundView } from '@medsync/context/app'
import { MatchingError } from '@medsync/protocol/matching'
import { isAffordable, QuestionError } from '@medsync/protocol/sharing'
import { URGENCY_VERSION } from '@medsync/protocol/urgency'
import type { Seat } from '../context/circle.ts'
import { RoundBlame } from './roundBlame.ts'
import { RoundRefusedError } from './roundError.ts'
import { CLOCKS_DIFFER_S, endsInTime, hospitalsAmong, isOfAll, isSoundRound } from './roundFitness.ts'
import type { KeptInput } from './roundKept.ts'
import type { RoundMemory } from './roundMemory.ts'
import type { RoundParameters } from './roundParameters.ts'
import type { RoundSeed } from './roundSeed.ts'
import type { RoundsHistory } from './roundsHistory.ts'
import type { PersonValue, RoundsOptions } from './roundsOptions.ts'
import { statisticsInput } from './statisticsInput.ts'
import { type Asked, checkAgainst, checkArithmetic, fieldOf, missingFrom, type Told } from './statisticsTold.ts'

/** A round to be joined. @property opened - All open rounds, when they were just looked at. @property seed - What the hospital will play it with. */
type Joinable = {
  readonly me: string
  readonly parameters: RoundParameters
  readonly opened: readonly RoundView[] | undefined
  readonly seed: RoundSeed
}

/** What a hospital joins with, beside its seed and what the round is. */
export type Joined = Pick<KeptInput, 'hospitals' | 'input'>

/** Whether one of our places may join a round, and with what. */
export class Joining {
  readonly #options: RoundsOptions
  readonly #seat: Seat
  readonly #history: RoundsHistory
  readonly #memory: RoundMemory
  readonly #firstSeenS = new Map<string, number>()

  constructor(options: RoundsOptions, { seat, history, memory }: { seat: Seat; history: RoundsHistory; memory: RoundMemory }) {
    this.#options = options
    this.#seat = seat
    this.#history = history
    this.#memory = memory
  }

  /**
   * Who may take part, and the hospital's input, read now; undefined while it has to wait.
   * @throws {RoundBlame} The round must not be held, or not by this hospital.
   */
  async inputFor(view: RoundView, { me, parameters, opened, seed }: Joinable): Promise<Joined | undefined> {
    const hospitals = await hospitalsAmong(await this.#options.circle.members(), this.#options.isTrusted)
    if (!isSoundRound(view) || !endsInTime(view, this.#options.clock.nowS())) throw new RoundBlame('rounds/unfit', [view.opened_by])
    if (!isOfAll(view, hospitals)) {
      if (this.#mayChange(view.id, parameters.stepS)) return undefined
      throw new RoundBlame('rounds/unfit', [view.opened_by])
    }
    const input =
      parameters.kind === 'ranking'
        ? await this.#casesFor(parameters)
        : await this.#numbersFor(view, { me, asked: parameters, opened, hospitals, seed })
    const known = hospitals.map(({ executor, organisation, encryption_key_base64: key }) => ({ executor, organisation, key }))
    return input === undefined ? undefined : { hospitals: known, input }
  }

  /** All waiting cases or, where there are more than places, the most urgent of them: that there are more is nobody else's business. */
  async #casesFor({ slots, rules }: Extract<RoundParameters, { kind: 'ranking' }>): Promise<KeptInput['input']> {
    if (rules !== URGENCY_VERSION) throw new RoundBlame('rounds/other-rules', [])
    const waiting = await this.#options.sources.waitingCases(this.#seat.organisation)
    const cases = waiting.length > slots ? waiting.toSorted((one, other) => other.score - one.score).slice(0, slots) : waiting
    return {
      kind: 'ranking',
      cases: cases.map(({ caseId, score }) => ({ caseId, score })),
      left: waiting.length - cases.length,
    }
  }

  async #numbersFor(
    view: RoundView,
    {
      me,
      asked,
      opened,
      hospitals,
      seed,
    }: {
      readonly me: string
      readonly asked: Asked & { readonly told: readonly Told[] }
      readonly opened: readonly RoundView[] | undefined
      readonly hospitals: readonly MemberView[]
      readonly seed: RoundSeed
    },
  ): Promise<KeptInput['input'] | undefined> {
    const others = opened ?? (await this.#history.opened())
    const nowS = this.#options.clock.nowS()
    const sound = others.filter((other) => isSoundRound(other) && isOfAll(other, hospitals) && endsInTime(other, nowS))
    if (isBehindAnother(view, sound)) return undefined
    await this.#refuseForgotten(asked, view.opened_by === me)
    await this.#refuseUnpaid(asked, view.deadline_s)
    if (asked.asOfS > nowS + CLOCKS_DIFFER_S) throw new RoundBlame('rounds/unfit', [view.opened_by])
    // Whoever comes while the numbers are read would be in one answer and not in the next.
    if (asked.asOfS >= nowS) return undefined
    refuseUnsound(asked, { hospitals: hospitals.map(({ organisation }) => organisation), threshold: view.threshold })
    const people = await this.#people(asked, view.opened_by)
    return { kind: 'statistics', ...statisticsInput(asked, asked.told, people, seed.chance('noise')) }
  }

  /** What this hospital answered must be in what the question is checked against. Its opener, who was away perhaps, is told what is missing. */
  async #refuseForgotten({ question, told }: Asked & { readonly told: readonly Told[] }, isOwn: boolean): Promise<void> {
    if (question.privacy !== undefined) return
    const missing = missingFrom(await this.#memory.toldOf(fieldOf(question)), told)
    if (missing.length > 0) throw isOwn ? new RoundBlame('rounds/busy', []) : new RoundBlame('rounds/other-memory', [], { told: missing })
  }

  /** Each hospital looks after the budget of its own people. */
  async #refuseUnpaid({ question: { privacy } }: Asked, deadlineS: number): Promise<void> {
    if (privacy === undefined) return
    const asking = { ...privacy, deadlineS, hospitals: [this.#seat.organisation] }
    if (!isAffordable(await this.#memory.spendings(), asking)) throw new RoundBlame('rounds/budget-spent', [])
  }

  /** A question that this hospital has no way to read its records for is not answered with zeros. */
  async #people({ question, asOfS }: Asked, opener: string): Promise<readonly PersonValue[]> {
    try {
      return await this.#options.sources.values(this.#seat.organisation, question, asOfS)
    } catch (failure) {
      const isOfQuestion = failure instanceof RoundRefusedError || failure instanceof MatchingError
      if (isOfQuestion) throw new RoundBlame('rounds/unfit', [opener], { cause: failure })
      throw failure
    }
  }

  /** Members may not have arrived here yet. */
  #mayChange(id: string, stepS: number): boolean {
    const nowS = this.#options.clock.nowS()
    const firstS = this.#firstSeenS.get(id) ?? nowS
    this.#firstSeenS.set(id, firstS)
    return nowS - firstS < stepS / 2
  }
}

function refuseUnsound(asked: Asked & { readonly told: readonly Told[] }, who: Parameters<typeof checkAgainst>[2]): void {
  try {
    checkArithmetic(asked.question)
    if (asked.told.some(({ field }) => field !== fieldOf(asked.question))) throw new QuestionError('sharing/bad-question', 'field')
    checkAgainst(asked, asked.question.privacy === undefined ? asked.told : [], who)
  } catch (failure) {
    if (failure instanceof QuestionError) throw new RoundBlame('sharing/bad-question', [], { cause: failure })
    if (!(failure instanceof RoundRefusedError)) throw failure
    throw new RoundBlame(failure.code === 'rounds/other-hospitals' ? 'rounds/other-hospitals' : 'rounds/other-range', [], {
      cause: failure,
    })
  }
}

/** Statistics go one after the other, in the circle's order: each is checked against the answers before. */
function isBehindAnother(view: RoundView, opened: readonly RoundView[]): boolean {
  return opened.some(
    (other) =>
      other.kind === 'statistics' &&
      other.id !== view.id &&
      !other.is_overdue &&
      (other.sequence < view.sequence || (other.sequence === view.sequence && other.id < view.id)),
  )
}
