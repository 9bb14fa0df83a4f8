import type { Incoming, RoundView, StepView } from '@medsync/context/app'
import type { StatisticsQuestion } from '@medsync/protocol'
import type { Spending } from '@medsync/protocol/sharing'
import type { Circle, Seat } from '../context/circle.ts'
import { readEnvelope } from './envelope.ts'
import { isSoundRound } from './roundFitness.ts'
import { readParameters } from './roundParameters.ts'
import { needsToJoin } from './roundSteps.ts'
import { toldSchema } from './statisticsPlay.ts'
import { cellsOf, fieldOf, type Memory, type Told, toldBy } from './statisticsTold.ts'

const PAGE = 8
/** Steps of a statistics round: who dealt has given something out; who bound its sums are its dealers; whoever answered its counts knew what may be told, and whoever answered its values has told it. */
const DEAL_STEP = 1
const BIND_STEP = 2
const COUNTS_STEP = 6
const VALUES_STEP = 7

/** What is remembered of a round that ended. @property spent - By executor. @property said - Who had said something in it, by what is known here. */
type Ended = { readonly told: Told | undefined; readonly spent: Spending | undefined; readonly said: string }

/** What a circle's rounds were: all those that one of our places can see, and what their answers told. */
export class RoundsHistory {
  readonly #circle: Circle
  readonly #seat: Seat
  readonly #ended = new Map<string, Ended>()
  #open: ReadonlySet<string> = new Set()

  constructor(circle: Circle, seat: Seat) {
    this.#circle = circle
    this.#seat = seat
  }

  /** Rounds that are open now, the first in the circle's order first. Looks back no further than to what it has seen the end of. */
  async opened(): Promise<RoundView[]> {
    const seen = new Map<string, RoundView>()
    let after: string | null = null
    do {
      const page: { entries: RoundView[]; next: string | null } = await this.#circle.call(this.#seat, 'rounds', { after, limit: PAGE })
      const areKnown = page.entries.length > 0 && page.entries.every(({ id }) => this.#ended.has(id))
      for (const view of page.entries) seen.set(view.id, view)
      after = areKnown ? null : page.next
    } while (after !== null)
    // One that is open for long may stand behind many that came and ended after it.
    for (const id of this.#open) if (!seen.has(id)) seen.set(id, await this.#circle.call(this.#seat, 'round', { id }))
    const opened = [...seen.values()].filter(({ state }) => state === 'opened')
    for (const view of seen.values()) if (view.state !== 'opened') await this.#remember(view)
    this.#open = new Set(opened.map(({ id }) => id))
    return opened.sort((one, other) => one.sequence - other.sequence || (one.id < other.id ? -1 : 1))
  }

  /** What a question is checked against. Call `opened` before. */
  async memoryFor(question: StatisticsQuestion): Promise<Memory> {
    if (question.privacy !== undefined) return { told: [], spent: await this.spendings() }
    const field = fieldOf(question)
    return { told: [...this.#ended.values()].flatMap(({ told }) => (told?.field === field ? [told] : [])), spent: [] }
  }

  /** What all rounds with noise cost so far, by organisation. Call `opened` before. */
  async spendings(): Promise<Spending[]> {
    const nameOf = await this.#names()
    return [...this.#ended.values()].flatMap(({ spent }) =>
      spent === undefined ? [] : [{ ...spent, hospitals: spent.hospitals.map(nameOf).sort() }],
    )
  }

  /** Again when something arrived that was said before the end. */
  async #remember(view: RoundView): Promise<void> {
    const said = JSON.stringify(view.said)
    if (this.#ended.get(view.id)?.said === said) return
    this.#ended.set(view.id, { told: view.kind === 'statistics' ? await this.#told(view) : undefined, spent: spentIn(view), said })
  }

  /** The organisation that an executor acts for; whoever is not known is called by the executor. */
  async #names(): Promise<(executor: string) => string> {
    const organisations = new Map((await this.#circle.members()).map(({ executor, organisation }) => [executor, organisation]))
    return (executor) => organisations.get(executor) ?? executor
  }

  /**
   * From what the hospitals said, each in an entry of its own that stands whatever the author of the ending counted or stated: an opener can neither take an answer
   * and have it forgotten, nor have one remembered that nobody gave.
   */
  async #told(view: RoundView): Promise<Told | undefined> {
    const parameters = readParameters(view.kind, view.parameters)
    if (parameters?.kind !== 'statistics' || parameters.question.privacy !== undefined || !isSoundRound(view)) return undefined
    const [dealers, counters, tellers] = [sayersOf(view, BIND_STEP), sayersOf(view, COUNTS_STEP), sayersOf(view, VALUES_STEP)]
    // So few never were a round, and never opened anything: fewer than the threshold can write down what they like.
    if (dealers.length < needsToJoin(view.threshold) || counters.length < view.threshold || tellers.length === 0) return undefined
    const hospitals = dealers.map(await this.#names())
    const patterns = patternsIn(await this.#circle.call(this.#seat, 'said', { round: view.id, step: VALUES_STEP }))
    const count = cellsOf(parameters.question).length
    const readable = [...patterns.values()].flatMap(({ cells, by }) => (cells?.length === count ? [{ cells, by }] : []))
    const agreed = readable.find(({ by }) => by >= view.threshold)
    const areAllRead = readable.length === patterns.size
    const union = Array.from({ length: count }, (_, cell) => !areAllRead || readable.some(({ cells }) => cells[cell] === true))
    return toldBy(parameters, { round: view.id, hospitals, cells: agreed?.cells ?? union, isSure: agreed !== undefined })
  }
}

/**
 * What a round with noise cost whoever dealt in it: all of its epsilon, whatever became of it. Enough hospitals that show each other what they were dealt have a number of
 * its dealer before anything is opened, and may give the round up then.
 */
function spentIn(view: RoundView): Spending | undefined {
  const parameters = readParameters(view.kind, view.parameters)
  if (parameters?.kind !== 'statistics' || parameters.question.privacy === undefined || !isSoundRound(view)) return undefined
  const hospitals = sayersOf(view, DEAL_STEP)
  return hospitals.length === 0 ? undefined : { round: view.id, ...parameters.question.privacy, deadlineS: view.deadline_s, hospitals }
}

/** Who said something in a step. */
function sayersOf({ said }: RoundView, step: number): readonly string[] {
  return said.find((each: StepView) => each.step === step)?.contributed ?? []
}

/** Which cells hospitals say are told, and how many of them say the same; undefined for what cannot be read. */
function patternsIn(said: readonly Incoming[]): Map<string, { readonly cells: readonly boolean[] | undefined; readonly by: number }> {
  const patterns = new Map<string, { readonly cells: readonly boolean[] | undefined; readonly by: number }>()
  for (const { sealed } of said) {
    const cells = toldSchema.safeParse(readEnvelope(new Uint8Array(Buffer.from(sealed, 'base64')))?.body).data?.cells
    const name = cells === undefined ? '' : JSON.stringify(cells)
    patterns.set(name, { cells, by: (patterns.get(name)?.by ?? 0) + 1 })
  }
  return patterns
}
