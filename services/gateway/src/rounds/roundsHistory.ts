import type { RoundView } from '@medsync/context/app'
import type { Circle, Seat } from '../context/circle.ts'
import { isRefusal } from '../context/circleEngine.ts'

const PAGE = 8

/** The circle's rounds, as one of our places sees them. */
export class RoundsHistory {
  readonly #circle: Circle
  readonly #seat: Seat
  readonly #ended = new Set<string>()
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
    for (const id of this.#open) {
      const view = seen.has(id) ? undefined : await this.#view(id)
      if (view !== undefined) seen.set(id, view)
    }
    const opened = [...seen.values()].filter(({ state }) => state === 'opened')
    for (const { id, state } of seen.values()) if (state !== 'opened') this.#ended.add(id)
    this.#open = new Set(opened.map(({ id }) => id))
    return opened.sort((one, other) => one.sequence - other.sequence || (one.id < other.id ? -1 : 1))
  }

  /** Undefined for one whose opener took its opening back. */
  async #view(id: string): Promise<RoundView | undefined> {
    try {
      return await this.#circle.call(this.#seat, 'round', { id })
    } catch (failure) {
      if (isRefusal(failure, 'UnknownRound')) return undefined
      throw failure
    }
  }
}
