import type { ChainEvent, PendingEvent } from '@medsync/chain'
import { ConsentsState } from './consentsState.ts'
import { LogsState } from './logsState.ts'
import { ParticipantsState } from './participantsState.ts'
import { PoolState } from './poolState.ts'

/**
 * What the contracts hold, in memory, kept current by their events: answers in microseconds. It is never the last word: what releases data
 * asks the chain as well.
 */
export class ChainState {
  readonly participants = new ParticipantsState()
  readonly consents = new ConsentsState()
  readonly pool = new PoolState()
  readonly logs = new LogsState()
  #setAside = 0

  /** Events in blocks that this version cannot read. */
  get setAside(): number {
    return this.#setAside
  }

  /** Takes events in, in the order of the chain. */
  apply(events: Iterable<ChainEvent>): void {
    for (const event of events) {
      if (event.type === 'SetAside') this.#setAside += 1
      this.participants.apply(event)
      this.consents.apply(event)
      this.pool.apply(event)
      this.logs.apply(event)
    }
  }

  /** Takes in what is pre-confirmed now, in place of what was before. */
  setPending(events: readonly PendingEvent[]): void {
    this.consents.setPending(events)
    this.logs.setPending(events)
  }
}
