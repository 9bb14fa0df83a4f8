import type { CallOptions, ContextEvent } from '../../engine/contextEngine.ts'
import { EventHub } from '../../engine/eventHub.ts'
import type { NodeClient } from '../node/nodeClient.ts'
import { EventMerger } from './eventMerger.ts'
import { followNode } from './followNode.ts'
import type { ToldEvent } from './nodeMessage.ts'

/** Longer than that, opening does not wait for nodes to listen to. */
const HEARING_WITHIN_MS = 5_000

/**
 * The events of a circle as its nodes tell them, each once. Whenever a node is heard again that was not, readers hear that they may have
 * missed something: what a node caught up on while nobody listened it does not tell.
 */
export class NodeEvents {
  readonly #hub = new EventHub()
  readonly #merger = new EventMerger()
  readonly #stop = new AbortController()
  readonly #following: Promise<void>[] = []
  #last = 0

  /** Listens to a node. @returns When it is heard, or known not to be. */
  follow(name: string, client: NodeClient, contextId: string): Promise<void> {
    const first = Promise.withResolvers<void>()
    let hasBegun = false
    const begin = (): void => {
      hasBegun = true
      first.resolve()
    }
    const ear = {
      onEvents: (events: readonly ToldEvent[]) => {
        for (const event of events) if (this.#merger.isNew(name, event)) this.#publish(event)
      },
      onHearing: () => (hasBegun ? this.#missed() : begin()),
      onDeaf: begin,
    }
    this.#following.push(followNode(client, contextId, ear, this.#stop.signal))
    setTimeout(first.resolve, HEARING_WITHIN_MS).unref()
    return first.promise
  }

  /** See `ContextEngine.events`. */
  subscribe(options: CallOptions): AsyncIterable<ContextEvent> {
    return this.#hub.subscribe(options)
  }

  /** Ends all connections and subscriptions. */
  async close(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#following)
    this.#hub.close()
  }

  #publish({ kind, data }: ToldEvent): void {
    this.#last += 1
    this.#hub.publish({ id: `${this.#last}-0`, kind, data })
  }

  #missed(): void {
    this.#merger.forget()
    this.#hub.miss()
  }
}
