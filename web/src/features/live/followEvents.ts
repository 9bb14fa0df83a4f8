import { type LiveEvent, liveEventSchema, readySchema } from '@medsync/protocol'
import { failureOf } from '../gateway/requestGateway.ts'
import { PortalError } from '../problem/PortalError.ts'
import { currentToken } from '../session/callGateway.ts'
import { backoffMs } from './backoffMs.ts'
import { liveStore } from './liveStore.ts'
import { readEventStream } from './readEventStream.ts'

/**
 * Follows GET /events until `signal` says stop: reads it with fetch (a browser's EventSource can send no token), comes back after each
 * break with `Last-Event-ID`, and waits longer after each failure.
 * @param onEvent - Called for each event.
 * @param onGap - Called after a break: what happened meanwhile may not be told again.
 */
export async function followEvents(signal: AbortSignal, onEvent: (event: LiveEvent) => void, onGap: () => void): Promise<void> {
  let lastId: string | undefined
  let failures = 0
  let isFirst = true
  while (!signal.aborted) {
    setConnection('connecting')
    try {
      const body = await openStream(signal, lastId)
      if (!isFirst) onGap()
      isFirst = false
      setConnection('live')
      void checkReach(signal)
      for await (const { id, data } of readEventStream(body.pipeThrough(new TextDecoderStream()))) {
        failures = 0
        lastId = id ?? lastId
        const event = parseEvent(data)
        if (event !== undefined) onEvent(event)
      }
    } catch (error) {
      if (signal.aborted) break
      console.info('The live connection broke; trying again.', error instanceof Error ? error.name : '')
    }
    if (signal.aborted) break
    setConnection('waiting')
    await wait(backoffMs(failures++), signal)
  }
  setConnection('off')
}

async function openStream(signal: AbortSignal, lastId: string | undefined): Promise<ReadableStream<BufferSource>> {
  const headers: Record<string, string> = { accept: 'text/event-stream' }
  const token = await currentToken()
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  if (lastId !== undefined) headers['last-event-id'] = lastId
  const response = await fetch('/api/events', { headers, signal, cache: 'no-store' })
  if (!response.ok) throw failureOf(await response.json().catch(() => undefined), response.status)
  if (response.body === null) throw new PortalError('portal/bad-answer')
  return response.body as ReadableStream<BufferSource>
}

/** An event that this version knows; a newer gateway may tell of others. */
export function parseEvent(data: string): LiveEvent | undefined {
  try {
    return liveEventSchema.safeParse(JSON.parse(data)).data
  } catch (error) {
    console.info('A live event was not JSON.', error instanceof Error ? error.name : '')
    return undefined
  }
}

/** Asks once whether chain and private context can be reached: the event that said so may have come before we did. */
async function checkReach(signal: AbortSignal): Promise<void> {
  const answer: unknown = await fetch('/ready', { signal })
    .then((response) => response.json())
    .catch(() => undefined)
  const ready = readySchema.safeParse(answer)
  if (!ready.success) return
  const { chain, context } = ready.data.checks
  liveStore.set({ ...liveStore.get(), isChainUp: chain, isContextUp: context })
}

function setConnection(connection: 'off' | 'connecting' | 'live' | 'waiting'): void {
  liveStore.set({ ...liveStore.get(), connection })
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    const wake = (): void => {
      clearTimeout(timer)
      resolve()
    }
    signal.addEventListener('abort', wake, { once: true })
    window.addEventListener('online', wake, { once: true })
  })
}
