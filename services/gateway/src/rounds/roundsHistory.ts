import type { RoundView } from '@medsync/context/app'
import type { Circle, Seat } from '../context/circle.ts'
import { isSoundRound } from './roundFitness.ts'
import { readParameters } from './roundParameters.ts'
import { readResult } from './roundResult.ts'
import { needsToJoin } from './roundSteps.ts'
import { fieldOf, type Told, toldBy } from './statisticsTold.ts'

const PAGE = 8
/** Steps of a statistics round: who bound its sums are its dealers, and whoever answered has told. */
const BIND_STEP = 2
const VALUES_STEP = 7

/** What a circle's rounds were: all those that one of our places can see, and what their answers told. */
export class RoundsHistory {
  readonly #circle: Circle
  readonly #seat: Seat
  readonly #ended = new Map<string, { readonly told: Told | undefined }>()
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

  /** What earlier answers on a field told. Call `opened` before. */
  toldOf(field: string): Told[] {
    return [...this.#ended.values()].flatMap(({ told }) => (told?.field === field ? [told] : []))
  }

  async #remember(view: RoundView): Promise<void> {
    if (this.#ended.has(view.id)) return
    this.#ended.set(view.id, { told: view.kind === 'statistics' ? await this.#told(view) : undefined })
  }

  async #told(view: RoundView): Promise<Told | undefined> {
    const parameters = readParameters(view.kind, view.parameters)
    if (parameters?.kind !== 'statistics' || !isSoundRound(view)) return undefined
    const at = (step: number) => view.steps.find((each) => each.step === step)?.contributed ?? []
    const organisations = new Map((await this.#circle.members()).map(({ executor, organisation }) => [executor, organisation]))
    const hospitals = at(BIND_STEP).map((executor) => organisations.get(executor) ?? executor)
    // So few dealers never were a round: one member alone can write down that there was one.
    if (hospitals.length < needsToJoin(view.threshold)) return undefined
    const { question } = parameters
    const stated = view.state === 'closed' ? readResult(view.result)?.result : undefined
    const hasAnswered = at(VALUES_STEP).length > 0
    const isTable = question.measure.kind === 'histogram' || question.measure.kind === 'crossTable'
    const isWithheld = stated?.kind === 'withheld' && (isTable || !hasAnswered)
    if (isWithheld || (stated === undefined && !hasAnswered)) return undefined
    // Without a result that can be read all of it counts as told.
    const result = stated === undefined || stated.kind === 'ranking' || stated.kind === 'withheld' ? ALL_TOLD : stated
    return { ...toldBy(view.id, question, result, hospitals)!, field: fieldOf(question) }
  }
}

const ALL_TOLD = { kind: 'histogram', cohort: 0, cells: [] } as const
