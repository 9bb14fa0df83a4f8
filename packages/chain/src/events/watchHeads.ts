import { pause } from '../rpc/abortable.ts'

/** How long to wait before connecting again. */
const AGAIN_MS = 2_000

/**
 * Calls `onHead` whenever the node tells of a new block (`starknet_subscribeNewHeads`), until `signal` ends it. Only a hint to look at
 * once instead of at the next turn: it may be missed, come twice, or never connect; it connects again by itself.
 */
export async function watchHeads(wsUrl: string, onHead: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await oneConnection(wsUrl, onHead, signal)
    await pause(AGAIN_MS, signal).catch(() => undefined)
  }
}

/** Resolves when the connection has ended, for whatever reason. */
async function oneConnection(wsUrl: string, onHead: () => void, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const socket = new WebSocket(wsUrl)
  const close = (): void => socket.close()
  socket.addEventListener('open', () =>
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'starknet_subscribeNewHeads', params: {} })),
  )
  socket.addEventListener('message', onHead)
  socket.addEventListener('error', () => resolve())
  socket.addEventListener('close', () => resolve())
  signal.addEventListener('abort', close, { once: true })
  await promise
  signal.removeEventListener('abort', close)
  socket.close()
}
