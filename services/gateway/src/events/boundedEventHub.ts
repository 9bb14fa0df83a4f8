import type { LiveEvent } from '@medsync/protocol'
import type { Audience, EventHub, PublishedEvent } from './eventHub.ts'

/** How many events a stream may have missed and still resume. */
const KEPT_EVENTS = 2_000

/** An event hub that remembers the latest events, so that a broken stream goes on where it stopped. */
export class BoundedEventHub implements EventHub {
  readonly #epoch: string
  readonly #onFailure: (failure: unknown) => void
  readonly #kept: PublishedEvent[] = []
  readonly #listeners = new Set<(published: PublishedEvent) => void>()
  #count = 0

  /**
   * @param epoch - Differs at every start, so that an id from before a restart is known as such.
   * @param onFailure - Told when a listener fails; the others hear of the event all the same.
   */
  constructor(epoch: string, onFailure: (failure: unknown) => void = () => undefined) {
    this.#epoch = epoch
    this.#onFailure = onFailure
  }

  get lastId(): string {
    return `${this.#epoch}-${this.#count}`
  }

  publish({ audience, event }: { audience: Audience; event: LiveEvent }): void {
    this.#count += 1
    const published = { id: this.lastId, audience, event }
    this.#kept.push(published)
    if (this.#kept.length > KEPT_EVENTS) this.#kept.shift()
    for (const listen of this.#listeners) {
      try {
        listen(published)
      } catch (failure) {
        // Neither who publishes nor the other listeners can help it.
        this.#onFailure(failure)
      }
    }
  }

  subscribe(listen: (published: PublishedEvent) => void): () => void {
    this.#listeners.add(listen)
    return () => this.#listeners.delete(listen)
  }

  since(lastId: string): readonly PublishedEvent[] | undefined {
    const [epoch, digits] = lastId.split('-')
    const last = Number(digits)
    const first = this.#count - this.#kept.length + 1
    if (epoch !== this.#epoch || !Number.isSafeInteger(last) || last < first - 1 || last > this.#count) return undefined
    return this.#kept.slice(last - first + 1)
  }
}
