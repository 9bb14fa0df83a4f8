import { PassThrough } from 'node:stream'
import type { SignedIn } from '../auth/guards.ts'
import type { Roles } from '../auth/roles.ts'
import type { EventHub, PublishedEvent } from './eventHub.ts'
import { mayHear } from './mayHear.ts'

const HEARTBEAT_MS = 15_000
/** A reader that is so far behind is let go; it comes back and resumes. */
const MAX_UNREAD_BYTES = 1_048_576

/**
 * The events of one signed-in account as server-sent events, from `lastId` on when that is still known (else `stream.gap` says to load everything again), until `forMs` is over
 * or the reader leaves.
 */
export function openEventStream(
  session: SignedIn,
  { events, roles }: { readonly events: EventHub; readonly roles: Roles },
  { lastId, forMs }: { readonly lastId: string | undefined; readonly forMs: number },
): PassThrough {
  const stream = new PassThrough()
  const send = ({ id, audience, event }: PublishedEvent): void => {
    if (!mayHear(audience, session, roles)) return
    if (stream.writableLength > MAX_UNREAD_BYTES) stream.destroy()
    else stream.write(message(id, JSON.stringify(event)))
  }
  stream.write(`retry: 2000\nid: ${events.lastId}\n: connected\n\n`)
  if (lastId !== undefined) {
    const missed = events.since(lastId)
    if (missed === undefined) stream.write(message(events.lastId, JSON.stringify({ type: 'stream.gap' })))
    else missed.forEach(send)
  }
  const unsubscribe = events.subscribe(send)
  const heartbeat = setInterval(() => stream.write(': heartbeat\n\n'), HEARTBEAT_MS)
  const end = setTimeout(() => stream.end(), forMs)
  stream.once('close', () => {
    unsubscribe()
    clearInterval(heartbeat)
    clearTimeout(end)
  })
  return stream
}

function message(id: string, data: string): string {
  return `id: ${id}\ndata: ${data}\n\n`
}
