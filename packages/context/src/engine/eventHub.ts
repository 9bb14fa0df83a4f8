import type { CallOptions, ContextEvent } from './contextEngine.ts'
import { EventsMissedError } from './engineErrors.ts'

/** Events that may wait for one reader; a reader further behind starts again from the state. */
const MOST_WAITING = 10_000

/** Hands every event to everybody who subscribed before it. Both engines tell their events through one. */
export class EventHub {
  readonly #readers = new Set<Reader>()
  readonly #mostWaiting: number
  #isClosed = false

  constructor(mostWaiting: number = MOST_WAITING) {
    this.#mostWaiting = mostWaiting
  }

  /** Tells one event. */
  publish(event: ContextEvent): void {
    for (const reader of this.#readers) reader.take(event)
  }

  /** Subscribes at once, not only when the first event is asked for. Ends with the signal, with `close`, or when the loop is left. */
  subscribe(options: CallOptions = {}): AsyncIterable<ContextEvent> {
    const reader = new Reader(this.#mostWaiting, () => this.#readers.delete(reader))
    if (this.#isClosed || options.signal?.aborted === true) reader.end()
    else {
      this.#readers.add(reader)
      options.signal?.addEventListener('abort', () => reader.end(), { once: true })
    }
    return reader
  }

  /** Tells all readers that there may have been events that nobody can tell them; each reads the state and subscribes again. */
  miss(): void {
    for (const reader of this.#readers) reader.miss()
  }

  /** Ends all subscriptions; what waits in them can still be read. */
  close(): void {
    this.#isClosed = true
    for (const reader of this.#readers) reader.end()
  }
}

/** One subscription: a queue that can be waited at. */
class Reader implements AsyncIterable<ContextEvent>, AsyncIterator<ContextEvent> {
  readonly #mostWaiting: number
  readonly #leave: () => void
  readonly #waiting: ContextEvent[] = []
  #isEnded = false
  #hasMissed = false
  #wake: (() => void) | undefined

  constructor(mostWaiting: number, leave: () => void) {
    this.#mostWaiting = mostWaiting
    this.#leave = leave
  }

  [Symbol.asyncIterator](): AsyncIterator<ContextEvent> {
    return this
  }

  take(event: ContextEvent): void {
    if (this.#waiting.length < this.#mostWaiting) this.#waiting.push(event)
    else this.miss()
    this.#wake?.()
  }

  miss(): void {
    this.#hasMissed = true
    this.end()
  }

  end(): void {
    this.#isEnded = true
    this.#leave()
    this.#wake?.()
  }

  async next(): Promise<IteratorResult<ContextEvent>> {
    while (this.#waiting.length === 0) {
      if (this.#hasMissed) throw new EventsMissedError()
      if (this.#isEnded) return { done: true, value: undefined }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const event = this.#waiting.shift()
    return event === undefined ? { done: true, value: undefined } : { done: false, value: event }
  }

  async return(): Promise<IteratorResult<ContextEvent>> {
    this.#waiting.length = 0
    this.end()
    return { done: true, value: undefined }
  }
}
