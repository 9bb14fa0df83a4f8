import { eventData, nodeMessageSchema, type ToldEvent } from './nodeMessage.ts'

/** What is listened to. */
export type SubscriptionOptions = {
  readonly url: string
  /** Goes into the address of the WebSocket, since no header can be set: so that address is never shown. */
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
  const socket = new WebSocket(`${url.replace('http:', 'ws:')}/ws?token=${encodeURIComponent(token)}`)
  const close = (): void => socket.close()
  const tooLate = setTimeout(close, ANSWER_WITHIN_MS)
  signal.addEventListener('abort', close, { once: true })
  socket.addEventListener('open', () =>
    socket.send(JSON.stringify({ id: SUBSCRIBE_ID, method: 'subscribe', params: { contextIds: [contextId] } })),
  )
  socket.addEventListener('message', ({ data }) => {
    const message = nodeMessageSchema.safeParse(jsonOf(data)).data
    if (message?.id === SUBSCRIBE_ID) {
      clearTimeout(tooLate)
      if ('result' in message) hearing.resolve(true)
      else close()
    } else if (message?.id === null && message.result.contextId === contextId) {
      onEvents(message.result.data.events.map((event) => ({ kind: event.kind, data: eventData(event.data) })))
    }
  })
  const end = (): void => {
    clearTimeout(tooLate)
    signal.removeEventListener('abort', close)
    hearing.resolve(false)
    ended.resolve()
  }
  // An error is always followed by a close; without a listener it would be thrown.
  socket.addEventListener('error', end)
  socket.addEventListener('close', end)
  if (signal.aborted) close()
  return { isHearing: hearing.promise, ended: ended.promise }
}

function jsonOf(data: unknown): unknown {
  try {
    return typeof data === 'string' ? JSON.parse(data) : undefined
  } catch {
    return undefined
  }
}
