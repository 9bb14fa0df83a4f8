import type { MemberView, RoundView } from '@medsync/context/app'
import type { StatisticsQuestion } from '@medsync/protocol'
import { checkQuestion, MAX_HOSPITALS, QuestionError } from '@medsync/protocol/sharing'
import type { Seat } from '../context/circle.ts'
import { RoundBlame } from './roundBlame.ts'
import { RoundRefusedError } from './roundError.ts'
import type { KeptInput } from './roundKept.ts'
import type { RoundParameters } from './roundParameters.ts'
import { needsToJoin } from './roundSteps.ts'
import type { RoundsHistory } from './roundsHistory.ts'
import type { PersonValue, RoundsOptions } from './roundsOptions.ts'
import { statisticsInput } from './statisticsInput.ts'
import { arithmeticOf, checkAgainst, digestOfTold, fieldOf, type Told } from './statisticsTold.ts'

/** No round takes longer. */
const LONGEST_S = 86_400

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
    const parties = view.parties.map((party) => members.find(({ executor }) => executor === party))
    if (!this.#isFit(view, parties)) {
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
    if (isStale || isBehindAnother(view, others, this.#options.clock.nowS())) return undefined
    const names = parties.flatMap((member) =>
      member === undefined ? [] : [{ executor: member.executor, organisation: member.organisation }],
    )
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

  /** Whether all parties are hospitals that we know, each once, and enough for the threshold. */
  #isFit(view: RoundView, parties: readonly (MemberView | undefined)[]): boolean {
    const areTrusted = parties.every((member) => member?.is_active && member.kind === 'hospital' && this.#options.isTrusted(member))
    const organisations = new Set(parties.map((member) => member?.organisation))
    return (
      areTrusted &&
      organisations.size === parties.length &&
      parties.length <= MAX_HOSPITALS &&
      view.threshold >= 2 &&
      parties.length >= needsToJoin(view.threshold) &&
      endsInTime(view, this.#options.clock.nowS()) &&
      view.parties.includes(view.opened_by)
    )
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
function isBehindAnother(view: RoundView, opened: readonly RoundView[], nowS: number): boolean {
  return opened.some(
    (other) =>
      other.kind === 'statistics' &&
      other.id !== view.id &&
      !other.is_overdue &&
      endsInTime(other, nowS) &&
      (other.sequence < view.sequence || (other.sequence === view.sequence && other.id < view.id)),
  )
}

/** Nobody can keep the others waiting for longer. */
const endsInTime = ({ deadline_s }: RoundView, nowS: number): boolean => deadline_s - nowS <= LONGEST_S
