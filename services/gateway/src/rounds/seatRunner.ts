import { ContextUnavailableError } from '@medsync/context'
import type { RoundView } from '@medsync/context/app'
import { ApplicationError, type ContextEvent } from '@medsync/context/engine'
import type { RoundKind } from '@medsync/protocol'
import type { Seat } from '../context/circle.ts'
import { isRefusal } from '../context/circleEngine.ts'
import { OneByOne } from '../context/oneByOne.ts'
import { ChainUnavailableError } from '../gatewayErrors.ts'
import { framesOf } from '../http/framesOf.ts'
import { Joining } from './joining.ts'
import { Participation } from './participation.ts'
import { playOf } from './playOf.ts'
import { RoundBlame, readReason } from './roundBlame.ts'
import { type KeptInput, type KeptOutcome, OWN, readOutcome, readOwn } from './roundKept.ts'
import type { Remembered, RoundMemory } from './roundMemory.ts'
import { readParameters } from './roundParameters.ts'
import type { RoundOutcome } from './roundPlay.ts'
import { isSameResult, readResult, writeResult } from './roundResult.ts'
import { RoundSeed } from './roundSeed.ts'
import type { RoundsHistory } from './roundsHistory.ts'
import type { RoundsOptions } from './roundsOptions.ts'
import type { RoundVault } from './roundVault.ts'

const SEED_BYTES = 32
const REST_S = 10
/** How long a round that another place's node told of may take to reach this one's. */
const ARRIVES_WITHIN_S = 60

/** One of our places in the circle, taking part in all open rounds by itself. */
export class SeatRunner {
  readonly seat: Seat
  readonly #options: RoundsOptions
  readonly #history: RoundsHistory
  readonly #vault: RoundVault
  readonly #memory: RoundMemory
  readonly #oneByOne = new OneByOne<string>()
  readonly #entering = new OneByOne<RoundKind>()
  readonly #rankedAtS = new Map<string, number>()
  readonly #announcedAtS = new Map<string, number>()
  readonly #taking = new Map<string, { readonly taking: Participation; readonly own: KeptInput }>()
  readonly #running = new Set<Promise<void>>()
  readonly #waiting = new Set<string>()
  readonly #idle = new Set<string>()
  readonly #joining: Joining

  constructor(options: RoundsOptions, { vault, ...of }: { seat: Seat; history: RoundsHistory; vault: RoundVault; memory: RoundMemory }) {
    this.#options = options
    this.seat = of.seat
    this.#history = of.history
    this.#vault = vault
    this.#memory = of.memory
    this.#joining = new Joining(options, of)
  }

  /** Whether it takes part in a round now, or waits to. */
  get isBusy(): boolean {
    return this.#taking.size + this.#waiting.size > 0
  }

  /** Waits for what is being done. */
  async rest(): Promise<void> {
    await Promise.allSettled(this.#running)
  }

  /** Goes on with the rounds that it takes part in, whether or not anything was heard of them. */
  async goOn(): Promise<void> {
    for (const [id, { taking }] of [...this.#taking]) await this.#run(id, () => this.#advance(id, taking, true))
    const me = await this.#options.circle.executorOf(this.seat)
    for (const id of this.#waiting) await this.#run(id, () => this.#work(id, me))
  }

  /** Looks at all open rounds, and at those that ended without this place having noticed. */
  async look(signal: AbortSignal): Promise<void> {
    const me = await this.#options.circle.executorOf(this.seat)
    const opened = await this.#history.opened()
    const open = opened.filter(({ parties }) => parties.includes(me)).map((view) => ({ id: view.id, view }))
    const ids = new Set(open.map(({ id }) => id))
    const left = (await this.#vault.roundsWith(OWN)).filter((id) => !ids.has(id))
    for (const { id, view } of [...open, ...left.map((id) => ({ id, view: undefined }))]) {
      if (signal.aborted) return
      await this.#run(id, () => this.#work(id, me, view, opened))
    }
  }

  /** Something was said of a round. */
  async hear({ kind, data }: ContextEvent): Promise<void> {
    const { round: id, step, executor } = data as { round?: unknown; step?: unknown; executor?: unknown }
    if (typeof id !== 'string') return
    const me = await this.#options.circle.executorOf(this.seat)
    if (kind === 'Contributed' && typeof step === 'number' && typeof executor === 'string') {
      const taking = this.#taking.get(id)?.taking
      taking?.hear(step, executor)
      if (taking !== undefined) await this.#run(id, () => this.#advance(id, taking, false))
    }
    if (kind === 'RoundOpened') {
      this.#announcedAtS.set(id, this.#options.clock.nowS())
      this.#waiting.add(id)
    }
    if (kind === 'RoundOpened' || kind === 'RoundClosed' || kind === 'RoundAborted') await this.#run(id, () => this.#work(id, me))
  }

  /** What this hospital knows of a round that ended; undefined when it took no part, or does not know yet. */
  async outcomeOf(id: string): Promise<KeptOutcome | undefined> {
    return readOutcome(await this.#vault.ended(id))
  }

  async #run(id: string, work: () => Promise<void>): Promise<void> {
    const running = this.#oneByOne.run(id, work)
    this.#running.add(running)
    try {
      await running
    } catch (failure) {
      // What is away comes back, and says so itself.
      if (failure instanceof ContextUnavailableError || failure instanceof ChainUnavailableError) return
      this.#options.log.error(
        { event: 'round.not-advanced', round: id, seat: this.seat.name, cause: framesOf(failure) },
        'will be tried again',
      )
    } finally {
      this.#running.delete(running)
    }
  }

  async #work(id: string, me: string, seen?: RoundView, opened?: readonly RoundView[]): Promise<void> {
    if (this.#idle.has(id)) {
      this.#waiting.delete(id)
      return
    }
    const view = seen ?? (await this.#view(id))
    if (view === undefined) return
    this.#announcedAtS.delete(id)
    if (view.state !== 'opened') return await this.#settle(view, me)
    if (!view.parties.includes(me)) return await this.#forget(id)
    const own = this.#taking.get(id)?.own ?? readOwn(await this.#vault.get(id, OWN))
    // By the end that it had when it was joined, whatever end it has now.
    if (view.is_overdue || (own !== undefined && own.round.deadlineS < this.#options.clock.nowS()))
      return await this.#giveUp(id, new RoundBlame('rounds/missing', [view.opened_by]))
    try {
      this.#waiting.add(id)
      const taking = this.#taking.get(id)?.taking ?? (await (own === undefined ? this.#enter(view, me, opened) : this.#take(id, me, own)))
      if (taking !== undefined || this.#idle.has(id)) this.#waiting.delete(id)
      if (taking !== undefined) await this.#advance(id, taking, true)
    } catch (failure) {
      if (!(failure instanceof RoundBlame)) throw failure
      await this.#giveUp(id, failure)
    }
  }

  /** Nothing is kept of a round that is not this hospital's any more, whoever saw to that: what it would be dealt next would be another round. */
  async #forget(id: string): Promise<void> {
    if ((await this.#vault.get(id, OWN)) !== undefined) await this.#vault.remove(id, OWN)
    this.#taking.delete(id)
    this.#waiting.delete(id)
    this.#announcedAtS.delete(id)
  }

  /** Undefined for a round that the circle does not have: one of a circle that came before, or whose opener took it back. */
  async #view(id: string): Promise<RoundView | undefined> {
    try {
      return await this.#options.circle.call(this.seat, 'round', { id })
    } catch (failure) {
      if (!isRefusal(failure, 'UnknownRound')) throw failure
      const announcedAtS = this.#announcedAtS.get(id)
      if (announcedAtS !== undefined && this.#options.clock.nowS() - announcedAtS < ARRIVES_WITHIN_S) return undefined
      await this.#forget(id)
      return undefined
    }
  }

  async #advance(id: string, taking: Participation, isLook: boolean): Promise<void> {
    try {
      const standing = await taking.advance(isLook)
      if (standing === 'complete') await this.#close(id, taking.outcome!)
    } catch (failure) {
      if (!(failure instanceof RoundBlame)) throw failure
      await this.#giveUp(id, failure)
    }
  }

  /** Takes part, with inputs that are in the vault before anything is said. Undefined when it has to wait, or does not take part. */
  async #enter(view: RoundView, me: string, opened: readonly RoundView[] | undefined): Promise<Participation | undefined> {
    const parameters = readParameters(view.kind, view.parameters)
    if (view.kind !== 'statistics' && view.kind !== 'ranking') {
      this.#idle.add(view.id)
      return undefined
    }
    if (parameters === undefined) throw new RoundBlame('rounds/unfit', [view.opened_by])
    const own = await this.#entering.run(parameters.kind, async () => {
      if (await this.#mustWait(view, parameters.kind)) return undefined
      const seed = crypto.getRandomValues(new Uint8Array(SEED_BYTES))
      const joined = await this.#joining.inputFor(view, { me, parameters, opened, seed: new RoundSeed(seed, view.id) })
      if (joined === undefined) return undefined
      const { kind, opened_by: opener, parties, threshold, parameters: text, deadline_s: deadlineS } = view
      const round = { kind, opener, parties, threshold, parameters: text, deadlineS }
      const fresh: KeptInput = { round, seed: Buffer.from(seed).toString('base64'), ...joined }
      await this.#vault.put(view.id, OWN, fresh)
      return fresh
    })
    return own === undefined ? undefined : await this.#take(view.id, me, own)
  }

  /**
   * A hospital is in one round of a kind at a time, whatever the circle's list shows and in whatever order: what one question tells is known before it answers the
   * next. After a ranking it rests from those of the same opener.
   */
  async #mustWait({ id, opened_by }: RoundView, kind: RoundKind): Promise<boolean> {
    const restS = this.#options.restS ?? REST_S
    const rankedAtS = this.#rankedAtS.get(opened_by)
    if (kind === 'ranking' && rankedAtS !== undefined && this.#options.clock.nowS() - rankedAtS < restS) return true
    const others = (await this.#vault.roundsWith(OWN)).filter((other) => other !== id)
    const owns = await Promise.all(others.map(async (other) => readOwn(await this.#vault.get(other, OWN))))
    return owns.some((own) => own?.input.kind === kind)
  }

  async #take(id: string, me: string, own: KeptInput): Promise<Participation> {
    const { seed, hospitals, round } = own
    const parameters = readParameters(round.kind, round.parameters)
    if (parameters === undefined) throw new RangeError('what was joined could be read')
    const { circle, clock, keysOf } = this.#options
    const pair = await keysOf(this.seat.organisation)
    const keys = new Map(hospitals.map(({ executor, key }) => [executor, new Uint8Array(Buffer.from(key, 'base64'))]))
    const facts = { id, ...round }
    const roundSeed = new RoundSeed(new Uint8Array(Buffer.from(seed, 'base64')), id)
    const place = { round: id, me, threshold: round.threshold, seed: roundSeed }
    const play = playOf(parameters, own, place)
    const { stepS } = parameters
    const remember = (remembered: Remembered) => this.#memory.remember(id, remembered)
    const taking = new Participation({ circle, seat: this.seat, me, facts, play, seed: roundSeed, pair, keys, clock, stepS, remember })
    this.#taking.set(id, { taking, own })
    return taking
  }

  async #close(id: string, { result, tampered }: RoundOutcome): Promise<void> {
    await this.#unlessEnded(() => this.#options.circle.call(this.seat, 'close_round', { id, result: writeResult({ result, tampered }) }))
  }

  async #giveUp(id: string, blame: RoundBlame): Promise<void> {
    this.#options.log.warn(
      { event: 'round.given-up', round: id, seat: this.seat.name, code: blame.code, hospitals: blame.hospitals },
      'given up',
    )
    await this.#unlessEnded(() => this.#options.circle.call(this.seat, 'abort_round', { id, reason: blame.reason }))
  }

  async #unlessEnded(call: () => Promise<unknown>): Promise<void> {
    try {
      await call()
    } catch (failure) {
      if (!(failure instanceof ApplicationError && failure.kind === 'RoundEnded')) throw failure
    }
  }

  /** The round is over: keeps what it gave, then forgets the rest. */
  async #settle(view: RoundView, me: string): Promise<void> {
    const known = this.#taking.get(view.id)
    const own = known?.own ?? readOwn(await this.#vault.get(view.id, OWN))
    if (own !== undefined) {
      const taking = known?.taking ?? (await this.#take(view.id, me, own))
      if (view.state === 'closed') await this.#keep(view, own, await this.#conclude(view, taking), taking.isOut)
    }
    if (view.state === 'aborted' && view.opened_by === me) await this.#learn(view)
    if (own !== undefined) await this.#vault.remove(view.id, OWN)
    if (own?.input.kind === 'ranking') this.#rankedAtS.set(view.opened_by, this.#options.clock.nowS())
    this.#taking.delete(view.id)
    this.#waiting.delete(view.id)
    this.#idle.add(view.id)
  }

  /** What a hospital remembers that this one, the opener, does not: the next question is checked against it, too. */
  async #learn({ id, reason, ended_by, parties }: RoundView): Promise<void> {
    const { code, told } = readReason(reason ?? '')
    if (code === 'rounds/other-memory' && ended_by !== null && parties.includes(ended_by)) await this.#memory.learn(id, told)
  }

  async #conclude(view: RoundView, taking: Participation): Promise<RoundOutcome | undefined> {
    const last = view.steps.at(-1)
    try {
      await taking.advance(true)
      return last === undefined ? undefined : await taking.conclude(last)
    } catch (failure) {
      const blame = RoundBlame.from(failure)
      this.#options.log.warn(
        { event: 'round.not-confirmed', round: view.id, seat: this.seat.name, code: blame.code },
        'closed all the same',
      )
      return undefined
    }
  }

  async #keep(view: RoundView, own: KeptInput, outcome: RoundOutcome | undefined, isOut: boolean): Promise<void> {
    const stated = readResult(view.result)?.result
    const isConfirmed = outcome !== undefined && stated !== undefined && isSameResult(outcome.result, stated)
    if (!isConfirmed && !isOut)
      this.#options.log.error({ event: 'round.not-confirmed', round: view.id, seat: this.seat.name }, 'not the result that was opened here')
    const { input } = own
    const isRanked = input.kind === 'ranking' && isConfirmed && outcome.result.kind === 'ranking'
    if (isRanked && outcome.ranks !== undefined && outcome.result.kind === 'ranking') {
      const ranks = new Map(input.cases.map(({ caseId }, at) => [caseId, outcome.ranks![at]!]))
      await this.#options.onRanks(this.seat.organisation, { round: view.id, total: outcome.result.total, ranks })
    }
    const ranked = isRanked ? { cases: input.cases.length, left: input.left, areFalse: outcome.ranks === undefined } : null
    if (ranked?.areFalse === true)
      this.#options.log.error({ event: 'round.false-ranks', round: view.id, seat: this.seat.name }, 'an answer to this hospital was false')
    const ended: KeptOutcome = { isConfirmed: isOut ? null : isConfirmed, stated: view.result, ranked }
    await this.#vault.putEnded(view.id, ended)
  }
}
