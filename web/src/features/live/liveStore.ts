import type { LiveEvent } from '@medsync/protocol'
import { createStore } from '../store/createStore.ts'

/** How live the page is. */
export type LiveState = {
  readonly connection: 'off' | 'connecting' | 'live' | 'waiting'
  /** Undefined until somebody said so. */
  readonly isChainUp: boolean | undefined
  /** The hospitals' private context; undefined until somebody said so. */
  readonly isContextUp: boolean | undefined
}

/** State of the connection for live events. */
export const liveStore = createStore<LiveState>({ connection: 'off', isChainUp: undefined, isContextUp: undefined })

const listeners = new Set<(event: LiveEvent) => void>()

/** Calls `listen` for every live event; the result ends it. */
export function onLiveEvent(listen: (event: LiveEvent) => void): () => void {
  listeners.add(listen)
  return () => listeners.delete(listen)
}

/** Tells everybody on this page. */
export function tellLiveEvent(event: LiveEvent): void {
  for (const listen of [...listeners]) listen(event)
}
