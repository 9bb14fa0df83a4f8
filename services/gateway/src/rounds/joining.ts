import type { RoundView } from '@medsync/context/app'
import type { StatisticsQuestion } from '@medsync/protocol'
import { checkQuestion, QuestionError } from '@medsync/protocol/sharing'
import type { Seat } from '../context/circle.ts'
import { RoundBlame } from './roundBlame.ts'
import { RoundRefusedError } from './roundError.ts'
import { endsInTime, hospitalsAmong, isOfAll, isSoundRound } from './roundFitness.ts'
import type { KeptInput } from './roundKept.ts'
import type { RoundParameters } from './roundParameters.ts'
import type { RoundsHistory } from './roundsHistory.ts'
import type { PersonValue, RoundsOptions } from './roundsOptions.ts'
import { statisticsInput } from './statisticsInput.ts'
import { arithmeticOf, checkAgainst, digestOfTold, fieldOf, type Told } from './statisticsTold.ts'

/** A round to be joined. @property opened - All open rounds, when they were just looked at. */
type Joinable = { readonly me: string; readonly parameters: RoundParameters; readonly opened: readonly RoundView[] | undefined }

/** Whether one of our places may join a round, and with what. */
export class Joining {
  readonly #options: RoundsOptions
  readonly #seat: Seat
  readonly #history: RoundsHistory
  readonly #firstSeenS = new Map<string, number>()

  constructor(options: RoundsOptions, seat: Seat, history: RoundsHistory) {
    this.#options = options
    this.#seat = seat
    this.#history = history
  }

  /**
   * The hospital's input, read now; undefined while it has to wait.
   * @throws {RoundBlame} The round must not be held, or not by this hospital.
   */
  async inputFor(view: RoundView, { me, parameters, opened }: Joinable): Promise<KeptInput['input'] | undefined> {
    const members = await this.#options.circle.members()
    const hospitals = hospitalsAmong(members, this.#options.isTrusted)
    const nowS = this.#options.clock.nowS()
    if (!isSoundRound(view) || !endsInTime(view, nowS)) throw new RoundBlame('rounds/unfit', [view.opened_by])
    if (!isOfAll(view, hospitals)) {
      if (this.#mayChange(view.id, parameters.stepS)) return undefined
      throw new RoundBlame('rounds/unfit', [view.opened_by])
    }
    if (parameters.kind === 'ranking') return await this.#casesFor(parameters.slots, me)
    const { question } = parameters
    const others = opened ?? (await this.#history.opened())
    const told = this.#history.toldOf(fieldOf(question))
    // Opened before the one before it had ended: only its opener knows that for sure.
    const isStale = digestOfTold(told) !== parameters.told
    if (isStale && view.opened_by === me) throw new RoundBlame('rounds/busy', [])
    const sound = others.filter((other) => isSoundRound(other) && isOfAll(other, hospitals) && endsInTime(other, nowS))
    if (isStale || isBehindAnother(view, sound)) return undefined
    const names = hospitals.map(({ executor, organisation }) => ({ executor, organisation }))
    refuseUnsound(question, told, { hospitals: names.map(({ organisation }) => organisation), threshold: view.threshold })
    const people = await this.#people(question, me)
    return { kind: 'statistics', told, names, ...statisticsInput(question, told, people) }
  }

  async #casesFor(slots: number, me: string): Promise<KeptInput['input']> {
    const cases = await this.#options.sources.waitingCases(this.#seat.organisation)
    if (cases.length > slots) throw new RoundBlame('sharing/too-many-cases', [me])
    return { kind: 'ranking', cases: cases.map(({ caseId, score }) => ({ caseId, score })) }
  }

  /** A question that this hospital has no way to read its records for is not answered with zeros. */
  async #people(question: StatisticsQuestion, me: string): Promise<readonly PersonValue[]> {
    try {
      return await this.#options.sources.values(this.#seat.organisation, question)
    } catch (failure) {
      if (failure instanceof RoundRefusedError) throw new RoundBlame('rounds/unfit', [me], { cause: failure })
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

function refuseUnsound(question: StatisticsQuestion, told: readonly Told[], who: Parameters<typeof checkAgainst>[2]): void {
  try {
    checkQuestion(arithmeticOf(question))
    checkAgainst(question, told, who)
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
