import { connectWebSocket } from './connectWebSocket.ts'
import { eventData, nodeMessageSchema, type ToldEvent } from './nodeMessage.ts'

/** What is listened to. */
export type SubscriptionOptions = {
  readonly url: string
  readonly token: string
  readonly contextId: string
  readonly onEvents: (events: readonly ToldEvent[]) => void
  readonly signal: AbortSignal
}

/** A connection to a node's WebSocket. */
export type Subscription = {
  /** True once the node tells; false when it came to nothing. */
  readonly isHearing: Promise<boolean>
  /** When the connection is gone. */
  readonly ended: Promise<void>
}

const SUBSCRIBE_ID = 1
const ANSWER_WITHIN_MS = 5_000

/** Connects to a node and subscribes to a context, once. */
export function openSubscription({ url, token, contextId, onEvents, signal }: SubscriptionOptions): Subscription {
  const hearing = Promise.withResolvers<boolean>()
  const ended = Promise.withResolvers<void>()
  const giveUp = new AbortController()
  const tooLate = setTimeout(() => giveUp.abort(), ANSWER_WITHIN_MS)

  function hear(text: string): void {
    const message = nodeMessageSchema.safeParse(jsonOf(text)).data
    if (message?.id === SUBSCRIBE_ID) {
      clearTimeout(tooLate)
      if ('result' in message) hearing.resolve(true)
      else giveUp.abort()
    } else if (message?.id === null && message.result.contextId === contextId) {
      onEvents(message.result.data.events.map((event) => ({ kind: event.kind, data: eventData(event.data) })))
    }
  }

  connectWebSocket({
    url: `${url}/ws`,
    token,
    onOpen: (send) => send(JSON.stringify({ id: SUBSCRIBE_ID, method: 'subscribe', params: { contextIds: [contextId] } })),
    onText: hear,
    onEnd: () => {
      clearTimeout(tooLate)
      hearing.resolve(false)
      ended.resolve()
    },
    signal: AbortSignal.any([signal, giveUp.signal]),
  })
  return { isHearing: hearing.promise, ended: ended.promise }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
