import { ApplicationError } from '@medsync/context/engine'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import type { Circle, Seat } from '../context/circle.ts'
import type { ContextKeyPair } from '../context/contextKeys.ts'
import { hpke } from '../keys/hpke.ts'
import { type Closing, digestOf, transcriptOf, writeEnvelope } from './envelope.ts'
import { RoundBlame } from './roundBlame.ts'
import { type Posted, RoundBoard } from './roundBoard.ts'
import { SPARE_STEPS } from './roundFitness.ts'
import type { Remembered } from './roundMemory.ts'
import type { ReceivedMessage, RoundOutcome, RoundPlay, RoundStep, StepMessage } from './roundPlay.ts'
import type { RoundKeyPair, RoundSeed } from './roundSeed.ts'
import { cutIntoParts, JOIN, needsToJoin } from './roundSteps.ts'
import { openMessage, sealMessage } from './sealedMessage.ts'

const joinSchema = z.strictObject({ publicKey: z.base64().length(44) })
/** What the app refuses when a round ended, or this very step was contributed to, meanwhile: the next look shows it. */
const PASSED: ReadonlySet<string> = new Set(['RoundEnded', 'DeadlinePassed'])

/** What never changes of a round. */
export type RoundFacts = {
  readonly id: string
  readonly kind: string
  readonly opener: string
  readonly parties: readonly string[]
  readonly threshold: number
  readonly parameters: string
  readonly deadlineS: number
}

export type ParticipationOptions = {
  readonly circle: Circle
  readonly seat: Seat
  readonly me: string
  readonly facts: RoundFacts
  readonly play: RoundPlay
  readonly seed: RoundSeed
  /** By which the chain knows this hospital. */
  readonly pair: ContextKeyPair
  /** By which it knows the others, by executor. */
  readonly keys: ReadonlyMap<string, Uint8Array>
  readonly clock: Clock
  readonly stepS: number
  /** Keeps something of the round for good; what is said next waits for it. */
  readonly remember: (remembered: Remembered) => Promise<void>
}

/** What a turn led to: it waits for others, this hospital is out, or it (the opener) may close the round. */
export type Standing = 'waiting' | 'out' | 'complete'

/**
 * One hospital's part in one round. It goes through the steps one after the other: contributes its message, learns from the opener's next contribution who
 * counts, takes their messages. All that it knows it can learn again from the circle and its seed, so it may be thrown away at any time.
 */
export class Participation {
  readonly #options: ParticipationOptions
  readonly #board: RoundBoard
  readonly #steps: readonly RoundStep[]
  readonly #firsts: readonly number[]
  readonly #heard = new Map<number, Set<string>>()
  readonly #keys = new Map<string, Uint8Array>()
  #pair: RoundKeyPair | undefined
  #at = 0
  #isPosted = false
  #sinceS: number
  #participants: readonly string[]
  #transcript: string
  #closing: Closing | null = null
  #isReplaying = true
  #isOut = false
  #isInTime = false

  constructor(options: ParticipationOptions) {
    this.#options = options
    const { facts, play, circle, seat, me, clock } = options
    this.#board = new RoundBoard({ circle, seat, me, round: facts.id })
    this.#steps = [{ name: JOIN, parts: 1, needs: needsToJoin(facts.threshold) }, ...play.steps]
    this.#firsts = this.#steps.map((_, at) => this.#steps.slice(0, at).reduce((sum, { parts }) => sum + parts, 0))
    this.#participants = facts.parties
    this.#transcript = digestOf(new TextEncoder().encode(JSON.stringify(Object.entries(facts).sort())))
    this.#sinceS = clock.nowS()
  }

  /** What was heard of: somebody contributed. */
  hear(step: number, executor: string): void {
    const before = this.#heard.get(step)
    if (before === undefined) this.#heard.set(step, new Set([executor]))
    else before.add(executor)
  }

  /** What came out, when the round is complete here. */
  get outcome(): RoundOutcome | undefined {
    return this.#options.play.outcome()
  }

  /** Whether the round went on without this hospital. */
  get isOut(): boolean {
    return this.#isOut
  }

  /**
   * Does all that can be done now.
   * @param isLook - Whether to look for contributions that no event told of.
   * @throws {RoundBlame} The round has to end, and why. @throws {ContextUnavailableError}
   */
  async advance(isLook: boolean): Promise<Standing> {
    try {
      for (;;) {
        if (this.#isOut) return 'out'
        if (!this.#isPosted) await this.#post()
        else if (!(await this.#goOn(isLook))) return this.#isComplete ? 'complete' : this.#isOut ? 'out' : 'waiting'
      }
    } catch (failure) {
      if (failure instanceof ApplicationError && PASSED.has(failure.kind)) return 'waiting'
      throw RoundBlame.from(failure)
    }
  }

  /** Takes the last step's messages once the round is closed. @param last - The last step that anybody contributed to, and who counted. */
  async conclude(last: { readonly step: number; readonly contributed: readonly string[] }): Promise<RoundOutcome | undefined> {
    if (this.outcome !== undefined) return this.outcome
    if (this.#isOut || this.#firsts[this.#at] !== last.step) return undefined
    const posted = await this.#read(this.#at)
    const ours = last.contributed.filter((party) => this.#participants.includes(party))
    if (ours.length === 0 || ours.some((party) => !posted.has(party))) return undefined
    await this.#take(ours.map((party) => posted.get(party)!))
    return this.outcome
  }

  get #isComplete(): boolean {
    return this.outcome !== undefined && this.#options.me === this.#options.facts.opener
  }

  /** Contributes to the present step. */
  async #post(): Promise<void> {
    const { play, me, facts, circle, seat, clock } = this.#options
    const step = this.#steps[this.#at]!
    const message = step.name === JOIN ? await this.#joining() : play.compose(step.name, this.#participants)
    const remembered = step.name === JOIN ? undefined : play.remembered(step.name)
    if (remembered !== undefined) await this.#options.remember(remembered)
    const sealed = await this.#seal(step.name, message.sealed, step.name === JOIN ? this.#options.keys : this.#keys)
    for (const [part, pieces] of cutIntoParts(sealed, step.parts).entries()) {
      const envelope = writeEnvelope({
        v: 1,
        sealed: Object.fromEntries(pieces.map(({ to, bytes }) => [to, digestOf(bytes)])),
        closing: part === 0 && me === facts.opener ? this.#closing : null,
        transcript: this.#transcript,
        body: part === 0 ? message.body : null,
      })
      const messages = [{ to: null, bytes: envelope }, ...pieces].map(({ to, bytes }) => ({
        to,
        sealed: Buffer.from(bytes).toString('base64'),
      }))
      await this.#contribute(() => circle.call(seat, 'contribute', { round: facts.id, step: this.#firsts[this.#at]! + part, messages }))
    }
    this.#isPosted = true
    this.#sinceS = clock.nowS()
    if (step.name === JOIN) this.#isInTime = this.#sinceS - this.#openedS < this.#options.stepS / 2
  }

  /** When the round was opened, by its own plan. */
  get #openedS(): number {
    const { facts, stepS } = this.#options
    return facts.deadlineS - stepS * (this.#steps.length + SPARE_STEPS)
  }

  /** Whoever contributed before a crash has: what was said then stands. */
  async #contribute(call: () => Promise<unknown>): Promise<void> {
    try {
      await call()
    } catch (failure) {
      if (!(failure instanceof ApplicationError && failure.kind === 'AlreadyContributed')) throw failure
    }
  }

  /** The key of the round, and for each other party a proof that whoever made it has the key by which the chain knows this hospital. */
  async #joining(): Promise<StepMessage> {
    const { facts, me, keys } = this.#options
    this.#pair ??= await this.#options.seed.keyPair()
    const bytes = new Uint8Array(await hpke.kem.serializePublicKey(this.#pair.publicKey))
    const others = facts.parties.filter((party) => party !== me && keys.has(party))
    return { body: { publicKey: Buffer.from(bytes).toString('base64') }, sealed: new Map(others.map((party) => [party, bytes])) }
  }

  async #seal(
    step: string,
    messages: ReadonlyMap<string, Uint8Array>,
    keys: ReadonlyMap<string, Uint8Array>,
  ): Promise<ReadonlyMap<string, Uint8Array>> {
    const { facts, me, seed, pair } = this.#options
    const sealed = new Map<string, Uint8Array>()
    for (const [to, contents] of messages) {
      const place = { round: facts.id, step, from: me, to }
      const bytes = await sealMessage(contents, keys.get(to)!, step === JOIN ? { place, seed, sender: pair } : { place, seed })
      if (bytes === undefined) throw new RoundBlame('rounds/false-message', [to])
      sealed.set(to, bytes)
    }
    return sealed
  }

  /** Ends the present step when it can be; false when others have to do something first. */
  async #goOn(isLook: boolean): Promise<boolean> {
    if (this.outcome !== undefined) return false
    const { me, facts } = this.#options
    const closing = await this.#published(isLook)
    if (closing === undefined && me !== facts.opener) return false
    const posted = closing === undefined ? await this.#gathered(isLook) : await this.#read(this.#at)
    if (posted === undefined) return false
    const own = closing ?? this.#close(posted)
    if (own === undefined) return false
    if (closing !== undefined) this.#checkClosing(closing)
    const counted = own.counted.map(([party]) => posted.get(party))
    if (counted.some((contribution) => contribution === undefined)) return false
    for (const [party, digest] of own.counted) {
      // Whose of the two it is cannot be told: an author may rewrite what it said.
      if (posted.get(party)?.digest !== digest) throw new RoundBlame('rounds/other-view', [...new Set([facts.opener, party])].sort())
    }
    if (!own.counted.some(([party]) => party === me)) {
      // Left out of the beginning though it came in time: its input would be the difference between this round and another.
      if (this.#at === 0 && this.#isInTime) throw new RoundBlame('rounds/other-view', [facts.opener])
      this.#isOut = true
      return false
    }
    this.#participants = own.counted.map(([party]) => party)
    await this.#take(counted.flatMap((contribution) => contribution ?? []))
    if (this.outcome !== undefined) return false
    this.#transcript = transcriptOf(this.#transcript, own)
    this.#closing = own
    this.#at += 1
    this.#isPosted = false
    return true
  }

  /** What the opener said of the present step, in its next contribution. */
  async #published(isLook: boolean): Promise<Closing | undefined> {
    const { facts, me } = this.#options
    const isOpener = me === facts.opener
    const next = this.#firsts[this.#at + 1]
    if (next === undefined || (isOpener && !this.#isReplaying)) return undefined
    if (!isOpener && !this.#isReplaying && !isLook && !this.#heard.get(next)?.has(facts.opener)) return undefined
    const said = await this.#board.readOpen(next, facts.opener)
    if (said === undefined) {
      this.#isReplaying = false
      return undefined
    }
    if (said.envelope === undefined || said.envelope.closing === null) throw new RoundBlame('rounds/false-message', [facts.opener])
    return said.envelope.closing
  }

  /** For the opener: the step's contributions, once all are there or the time is over. */
  async #gathered(isLook: boolean): Promise<Map<string, Posted> | undefined> {
    const { parts } = this.#steps[this.#at]!
    const isHeard = Array.from({ length: parts }, (_, part) => this.#heard.get(this.#firsts[this.#at]! + part)).every((from) =>
      this.#participants.every((party) => from?.has(party)),
    )
    return isHeard || isLook ? await this.#read(this.#at) : undefined
  }

  /** For the opener: who counts; undefined while some may still come. */
  #close(posted: ReadonlyMap<string, Posted>): Closing | undefined {
    const { clock, stepS } = this.#options
    const there = this.#participants.filter((party) => posted.has(party))
    const missing = this.#participants.filter((party) => !posted.has(party))
    if (missing.length > 0 && clock.nowS() - this.#sinceS < stepS) return undefined
    if (there.length < this.#needed) throw new RoundBlame('rounds/missing', missing)
    return { counted: [...there].sort().map((party) => [party, posted.get(party)!.digest]) }
  }

  #checkClosing({ counted }: Closing): void {
    const { facts } = this.#options
    const names = counted.map(([party]) => party)
    const isSorted = names.every((name, at) => at === 0 || name > names[at - 1]!)
    const areOfTheRound = names.every((name) => this.#participants.includes(name))
    if (isSorted && areOfTheRound && names.includes(facts.opener) && names.length >= this.#needed) return
    throw new RoundBlame('rounds/false-message', [facts.opener])
  }

  get #needed(): number {
    const { needs } = this.#steps[this.#at]!
    return needs === 'all' ? this.#participants.length : needs
  }

  async #read(at: number): Promise<Map<string, Posted>> {
    const [first, { parts }] = [this.#firsts[at]!, this.#steps[at]!]
    const posted = await this.#board.read(first, parts)
    // What was there before this hospital listened is not told again.
    for (const from of posted.keys()) for (let part = 0; part < parts; part++) this.hear(first + part, from)
    return posted
  }

  async #take(posted: readonly Posted[]): Promise<void> {
    const { play, facts, me } = this.#options
    const { name } = this.#steps[this.#at]!
    const messages: ReceivedMessage[] = []
    for (const { from, envelope, sealed } of posted) {
      if (envelope === undefined) throw new RoundBlame('rounds/false-message', [from])
      if (envelope.transcript !== this.#transcript) {
        throw new RoundBlame('rounds/other-view', me === facts.opener || from === facts.opener ? [from] : [facts.opener, from].sort())
      }
      messages.push({ from, body: envelope.body, sealed: await this.#open(name, from, sealed) })
    }
    if (name !== JOIN) return play.take(name, messages)
    for (const message of messages) this.#keys.set(message.from, this.#keyIn(message))
    play.begin(messages.map(({ from }) => from))
  }

  /** The key that somebody made for the round. @throws {RoundBlame} It did not show that it is the hospital that it says. */
  #keyIn({ from, body, sealed }: ReceivedMessage): Uint8Array {
    const joined = joinSchema.safeParse(body).data
    if (joined === undefined) throw new RoundBlame('rounds/false-message', [from])
    const key = new Uint8Array(Buffer.from(joined.publicKey, 'base64'))
    const isProven = from === this.#options.me || (sealed !== undefined && Buffer.compare(key, sealed) === 0)
    if (!isProven) throw new RoundBlame('rounds/not-proven', [from])
    return key
  }

  async #open(step: string, from: string, sealed: Uint8Array | undefined): Promise<Uint8Array | undefined> {
    const { facts, me, seed, pair, keys } = this.#options
    if (sealed === undefined) return undefined
    const place = { round: facts.id, step, from, to: me }
    if (step === JOIN) return keys.has(from) ? await openMessage(sealed, pair.privateKey, place, keys.get(from)) : undefined
    this.#pair ??= await seed.keyPair()
    return await openMessage(sealed, this.#pair.privateKey, place)
  }
}
