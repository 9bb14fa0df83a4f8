import { randomBytes } from 'node:crypto'
import { ContextUnavailableError } from '@medsync/context'
import type { MemberView, RoundView } from '@medsync/context/app'
import { ApplicationError, type ContextEvent, EventsMissedError } from '@medsync/context/engine'
import type { AccountAddress, AsOf, PrivacyBudget, RoundDetail, RoundSummary, StatisticsQuestion } from '@medsync/protocol'
import { isAffordable, MAX_HOSPITALS, PRIVACY_BUDGET, returnsAtS, spentBy } from '@medsync/protocol/sharing'
import { URGENCY_VERSION } from '@medsync/protocol/urgency'
import { Nudge } from '../chain/nudge.ts'
import { pause } from '../chain/pause.ts'
import type { Seat } from '../context/circle.ts'
import { isRefusal } from '../context/circleEngine.ts'
import { framesOf } from '../http/framesOf.ts'
import { writeReason } from './roundBlame.ts'
import { RoundRefusedError } from './roundError.ts'
import { endsInTime, hospitalsAmong, isOfAll, isSoundRound, SPARE_STEPS, thresholdOf } from './roundFitness.ts'
import { RoundMemory } from './roundMemory.ts'
import { type RoundParameters, stepsOf, writeParameters } from './roundParameters.ts'
import { needsToJoin } from './roundSteps.ts'
import { RoundsHistory } from './roundsHistory.ts'
import type { RoundsOptions } from './roundsOptions.ts'
import { RoundVault } from './roundVault.ts'
import { detailOf, summaryOf } from './roundViews.ts'
import { SeatRunner } from './seatRunner.ts'
import { checkAgainst, checkArithmetic, fieldOf } from './statisticsTold.ts'

const NAME_BYTES = 12
const STEP_S = 60
const LOOK_EVERY_MS = 2_000
/** While a round is under way: what one place's node tells of may not be at another's yet, and is not told again. */
const LOOK_EVERY_BUSY_MS = 400
const LIST_EVERY_BUSY_TURNS = 25
const LIST_EVERY_IDLE_TURNS = 30
const AWAY_MS = 1_000
const SECOND_MS = 1_000
const SECOND_TURNS = 20
/** The circle takes 64 KiB. */
const MOST_TEXT = 60_000
const KINDS_OF_EVENTS: ReadonlySet<string> = new Set(['RoundOpened', 'Contributed', 'RoundClosed', 'RoundAborted'])

/** What hospitals compute together, for all places that this gateway has in the circle: it takes part by itself, and opens what staff ask for. */
export class Rounds {
  readonly #options: RoundsOptions
  readonly #runners: readonly SeatRunner[]
  readonly #histories: ReadonlyMap<Seat, RoundsHistory>
  readonly #memories: ReadonlyMap<Seat, RoundMemory>
  readonly #nudge = new Nudge()
  readonly #stopping = new AbortController()
  #loops: Promise<unknown> = Promise.resolve()
  #isBehind = true

  constructor(options: RoundsOptions) {
    this.#options = options
    const { circle } = options
    this.#histories = new Map(circle.seats.map((seat) => [seat, new RoundsHistory(circle, seat)]))
    const vaults = new Map(circle.seats.map((seat) => [seat, new RoundVault(circle, seat, options.vaultKeyOf(seat.name))]))
    this.#memories = new Map([...vaults].map(([seat, vault]) => [seat, new RoundMemory(vault)]))
    this.#runners = [...vaults].map(
      ([seat, vault]) => new SeatRunner(options, { seat, vault, history: this.#histories.get(seat)!, memory: this.#memories.get(seat)! }),
    )
  }

  /** Starts; waits for nothing. */
  start(): void {
    this.#loops = Promise.all([this.#watch(this.#stopping.signal), this.#listen(this.#stopping.signal)])
  }

  /** Ends after what is being done; what was begun goes on at the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#nudge.now()
    await this.#loops
    await Promise.all(this.#runners.map((runner) => runner.rest()))
  }

  /**
   * Opens a round for a question, and gives its id.
   * @throws {QuestionError} It cannot be asked. @throws {RoundRefusedError} It must not be, after what was answered before; another one runs; too few hospitals.
   */
  async openStatistics(seat: Seat, question: StatisticsQuestion, by: AccountAddress, asOf: AsOf = 'last'): Promise<string> {
    checkArithmetic(question)
    const history = this.#histories.get(seat)!
    await this.#refuseBesides(history, 'statistics')
    const members = await this.#hospitals()
    const threshold = thresholdOf(members.length)
    const memory = this.#memories.get(seat)!
    const told = question.privacy === undefined ? await memory.toldOf(fieldOf(question)) : []
    const isLast = asOf === 'last' && told.length > 0
    const asOfS = isLast ? Math.max(...told.map((earlier) => earlier.asOfS)) : await this.#lastWholeSecond()
    const asked = { question, asOfS }
    const hospitals = members.map(({ organisation }) => organisation)
    checkAgainst(asked, told, { hospitals, threshold })
    const parameters: RoundParameters = { kind: 'statistics', v: 1, stepS: this.#stepS, ...asked, told }
    if (writeParameters(parameters).length > MOST_TEXT) throw new RoundRefusedError('rounds/memory-full')
    const { privacy } = question
    const deadlineS = this.#deadlineS(stepsOf(parameters, members.length, threshold).length)
    if (privacy !== undefined && !isAffordable(await memory.spendings(), { ...privacy, deadlineS, hospitals: [seat.organisation] }))
      throw new RoundRefusedError('rounds/budget-spent')
    return await this.#open(seat, { parameters, members, threshold, by })
  }

  /**
   * Opens a ranking of all waiting cases, and gives its id.
   * @param slots - Places for each hospital's cases; of whoever has more the most urgent are ranked.
   * @throws {RoundRefusedError} Another one runs; too few hospitals.
   */
  async openRanking(seat: Seat, by: AccountAddress, slots: 50 | 200 | 1_000 = 200): Promise<string> {
    await this.#refuseBesides(this.#histories.get(seat)!, 'ranking')
    const members = await this.#hospitals()
    const parameters: RoundParameters = { kind: 'ranking', v: 1, stepS: this.#stepS, slots, rules: URGENCY_VERSION }
    return await this.#open(seat, { parameters, members, threshold: thresholdOf(members.length), by })
  }

  /** What answers with noise have told and may tell, as of now. */
  async budget(seat: Seat): Promise<PrivacyBudget> {
    const { circle, isTrusted, clock } = this.#options
    const spendings = await this.#memories.get(seat)!.spendings()
    const hospitals = await hospitalsAmong(await circle.members(), isTrusted)
    const asOf = { deadlineS: clock.nowS(), hospitals: [seat.organisation] }
    return {
      totalMilli: PRIVACY_BUDGET.totalMilli,
      spentMilli: spentBy(spendings, asOf),
      returnsAtS: returnsAtS(spendings, asOf) ?? null,
      hospitals: hospitals.length,
    }
  }

  /** The circle's rounds of our kinds, newest first. */
  async list(
    seat: Seat,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<{ items: RoundSummary[]; next: string | null }> {
    const { circle } = this.#options
    const { entries, next } = await circle.call(seat, 'rounds', { after: page.after ?? null, limit: page.limit })
    const members = await circle.members()
    return { items: entries.flatMap((view) => summaryOf(view, members) ?? []), next }
  }

  /** @throws {RoundRefusedError} `rounds/unknown` */
  async get(seat: Seat, id: string): Promise<RoundDetail> {
    const { circle } = this.#options
    const view = await this.#view(seat, id)
    const outcome = view.state === 'closed' ? await this.#runnerOf(seat).outcomeOf(id) : undefined
    const detail = detailOf({ ...view, result: outcome?.stated ?? view.result }, await circle.members())
    if (detail === undefined) throw new RoundRefusedError('rounds/unknown')
    if (view.state !== 'closed') return detail
    const isParty = view.parties.includes(await circle.executorOf(seat))
    // What cannot be checked here is shown as what it is; what can be is shown once it is.
    const isShown = isParty ? outcome !== undefined && outcome.isConfirmed !== false : true
    const isConfirmed = outcome?.isConfirmed ?? null
    return { ...detail, isConfirmed, result: isShown ? detail.result : null, own: outcome?.ranked ?? null }
  }

  /** Gives a round up. @param note - For the other hospitals: stands in the circle in clear. @throws {RoundRefusedError} `rounds/unknown`, `rounds/ended` */
  async abort(seat: Seat, id: string, note: string): Promise<void> {
    await this.#view(seat, id)
    try {
      const reason = writeReason({ code: 'rounds/given-up', hospitals: [await this.#options.circle.executorOf(seat)], note, told: [] })
      await this.#options.circle.call(seat, 'abort_round', { id, reason })
    } catch (cause) {
      if (isRefusal(cause, 'RoundEnded')) throw new RoundRefusedError('rounds/ended', '', { cause })
      if (isRefusal(cause, 'NotAParty')) throw new RoundRefusedError('rounds/unknown', '', { cause })
      throw cause
    }
  }

  get #stepS(): number {
    return this.#options.stepS ?? STEP_S
  }

  /** All that came before the call is in it, and nothing comes into it later: the present second is waited for. */
  async #lastWholeSecond(): Promise<number> {
    const { clock } = this.#options
    const nowS = clock.nowS()
    for (let turn = 0; clock.nowS() <= nowS && turn < SECOND_TURNS; turn++) await pause(SECOND_MS / SECOND_TURNS, this.#stopping.signal)
    return clock.nowS() - 1
  }

  #deadlineS(steps: number): number {
    return this.#options.clock.nowS() + this.#stepS * (steps + SPARE_STEPS)
  }

  #runnerOf(seat: Seat): SeatRunner {
    return this.#runners.find((runner) => runner.seat === seat)!
  }

  async #view(seat: Seat, id: string): Promise<RoundView> {
    try {
      return await this.#options.circle.call(seat, 'round', { id })
    } catch (cause) {
      if (cause instanceof ApplicationError) throw new RoundRefusedError('rounds/unknown', '', { cause })
      throw cause
    }
  }

  async #refuseBesides(history: RoundsHistory, kind: string): Promise<void> {
    const { circle, isTrusted, clock } = this.#options
    const hospitals = await hospitalsAmong(await circle.members(), isTrusted)
    const isUnderWay = (view: RoundView) =>
      view.kind === kind && !view.is_overdue && isSoundRound(view) && isOfAll(view, hospitals) && endsInTime(view, clock.nowS())
    if ((await history.opened()).some(isUnderWay)) throw new RoundRefusedError('rounds/busy')
  }

  /** Hospitals that may compute together: one place each. */
  async #hospitals(): Promise<MemberView[]> {
    const { circle, isTrusted } = this.#options
    const each = await hospitalsAmong(await circle.members(), isTrusted)
    if (each.length < needsToJoin(2) || each.length > MAX_HOSPITALS)
      throw new RoundRefusedError('rounds/too-few-hospitals', `${each.length}`)
    return each
  }

  async #open(
    seat: Seat,
    {
      parameters,
      members,
      threshold,
      by,
    }: {
      readonly parameters: RoundParameters
      readonly members: readonly MemberView[]
      readonly threshold: number
      readonly by: AccountAddress
    },
  ): Promise<string> {
    const steps = stepsOf(parameters, members.length, threshold)
    const id = await this.#options.circle.call(seat, 'open_round', {
      id: randomBytes(NAME_BYTES).toString('hex'),
      kind: parameters.kind,
      parties: members.map(({ executor }) => executor),
      deadline_s: this.#deadlineS(steps.length),
      threshold,
      parameters: writeParameters(parameters),
    })
    this.#options.log.info({ event: 'round.opened', round: id, kind: parameters.kind, seat: seat.name, by }, 'round opened')
    return id
  }

  async #watch(signal: AbortSignal): Promise<void> {
    for (let turn = 0; !signal.aborted; turn++) {
      try {
        const turns = await Promise.allSettled(this.#runners.map((runner) => this.#turn(runner, turn, signal)))
        const failed = turns.find((each) => each.status === 'rejected')
        if (failed !== undefined) throw failed.reason
        this.#isBehind = false
      } catch (failure) {
        if (!signal.aborted && !(failure instanceof ContextUnavailableError)) this.#complain('round.not-looked', failure)
      }
      const isBusy = this.#runners.some((runner) => runner.isBusy)
      if (!signal.aborted) await this.#nudge.sleep(this.#options.lookEveryMs ?? (isBusy ? LOOK_EVERY_BUSY_MS : LOOK_EVERY_MS))
    }
  }

  /** The list of rounds costs the node more the more there were, so it is looked at seldom; events tell of most. */
  async #turn(runner: SeatRunner, turn: number, signal: AbortSignal): Promise<void> {
    const every = runner.isBusy ? LIST_EVERY_BUSY_TURNS : LIST_EVERY_IDLE_TURNS
    if (this.#isBehind || turn % every === 0) await runner.look(signal)
    else await runner.goOn()
  }

  async #listen(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const event of await this.#options.circle.events({ signal })) this.#hear(event)
      } catch (failure) {
        if (signal.aborted) return
        const isExpected = failure instanceof EventsMissedError || failure instanceof ContextUnavailableError
        if (!isExpected) this.#complain('round.not-heard', failure)
      }
      this.#isBehind = true
      this.#nudge.now()
      if (!signal.aborted) await pause(AWAY_MS, signal)
    }
  }

  #hear(event: ContextEvent): void {
    if (!KINDS_OF_EVENTS.has(event.kind)) return
    this.#tell(event)
    for (const runner of this.#runners) {
      runner.hear(event).catch((failure: unknown) => {
        if (!(failure instanceof ContextUnavailableError)) this.#complain('round.not-heard', failure)
      })
    }
  }

  #tell({ data }: ContextEvent): void {
    const round = typeof data === 'object' && data !== null && 'round' in data ? data.round : undefined
    if (typeof round !== 'string') return
    for (const { organisation } of this.#options.circle.seats) {
      this.#options.events.publish({ audience: { organisation }, event: { type: 'round.changed', round } })
    }
  }

  #complain(event: string, failure: unknown): void {
    this.#options.log.error({ event, cause: framesOf(failure) }, 'will be tried again')
  }
}
