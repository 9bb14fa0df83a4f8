import type { MemberView, RoundView } from '@medsync/context/app'
import { isAffordable, QuestionError } from '@medsync/protocol/sharing'
import { URGENCY_VERSION } from '@medsync/protocol/urgency'
import type { Seat } from '../context/circle.ts'
import { RoundBlame } from './roundBlame.ts'
import { RoundRefusedError } from './roundError.ts'
import { endsInTime, hospitalsAmong, isOfAll, isSoundRound } from './roundFitness.ts'
import type { KeptInput } from './roundKept.ts'
import type { RoundParameters } from './roundParameters.ts'
import type { RoundSeed } from './roundSeed.ts'
import type { RoundsHistory } from './roundsHistory.ts'
import type { PersonValue, RoundsOptions } from './roundsOptions.ts'
import { statisticsInput } from './statisticsInput.ts'
import { type Asked, checkAgainst, checkArithmetic, digestOfMemory, type Memory } from './statisticsTold.ts'

/** A round to be joined. @property opened - All open rounds, when they were just looked at. @property seed - What the hospital will play it with. */
type Joinable = {
  readonly me: string
  readonly parameters: RoundParameters
  readonly opened: readonly RoundView[] | undefined
  readonly seed: RoundSeed
}

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
   * Who may take part, and the hospital's input, read now; undefined while it has to wait.
   * @throws {RoundBlame} The round must not be held, or not by this hospital.
   */
  async inputFor(view: RoundView, { me, parameters, opened, seed }: Joinable): Promise<Omit<KeptInput, 'seed'> | undefined> {
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
      readonly asked: Asked & { readonly told: string }
      readonly opened: readonly RoundView[] | undefined
      readonly hospitals: readonly MemberView[]
      readonly seed: RoundSeed
    },
  ): Promise<KeptInput['input'] | undefined> {
    const others = opened ?? (await this.#history.opened())
    const memory = await this.#history.memoryFor(asked.question)
    const nowS = this.#options.clock.nowS()
    // Opened before the one before it had ended: only its opener knows that for sure.
    const isStale = digestOfMemory(memory) !== asked.told
    if (isStale && view.opened_by === me) throw new RoundBlame('rounds/busy', [])
    const sound = others.filter((other) => isSoundRound(other) && isOfAll(other, hospitals) && endsInTime(other, nowS))
    if (isStale || isBehindAnother(view, sound)) return undefined
    // Whoever comes while the numbers are read would be in one answer and not in the next.
    if (asked.asOfS >= nowS) return undefined
    const names = hospitals.map(({ organisation }) => organisation)
    refuseUnsound(asked, memory, { hospitals: names, threshold: view.threshold, deadlineS: view.deadline_s })
    const people = await this.#people(asked, me)
    const { told } = memory
    return { kind: 'statistics', told, ...statisticsInput(asked, told, people, seed.chance('noise')) }
  }

  /** A question that this hospital has no way to read its records for is not answered with zeros. */
  async #people({ question, asOfS }: Asked, me: string): Promise<readonly PersonValue[]> {
    try {
      return await this.#options.sources.values(this.#seat.organisation, question, asOfS)
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

function refuseUnsound(
  asked: Asked,
  { told, spent }: Memory,
  { deadlineS, ...who }: Parameters<typeof checkAgainst>[2] & { readonly deadlineS: number },
): void {
  const { privacy } = asked.question
  if (privacy !== undefined && !isAffordable(spent, { ...privacy, deadlineS, hospitals: who.hospitals }))
    throw new RoundBlame('rounds/budget-spent', [])
  try {
    checkArithmetic(asked.question)
    checkAgainst(asked, told, who)
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
