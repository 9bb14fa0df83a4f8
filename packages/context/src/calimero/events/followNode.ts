import { EngineError } from '../../engine/engineErrors.ts'
import type { NodeClient } from '../node/nodeClient.ts'
import { pause } from '../node/pause.ts'
import type { ToldEvent } from './nodeMessage.ts'
import { openSubscription } from './openSubscription.ts'

/** Who hears what a node tells. */
export type NodeEar = {
  readonly onEvents: (events: readonly ToldEvent[]) => void
  /** From now on nothing is missed until `onDeaf`. */
  readonly onHearing: () => void
  /** The connection was lost or never came about; it is being made again. */
  readonly onDeaf: () => void
}

const FIRST_AGAIN_MS = 250
const LONGEST_AGAIN_MS = 10_000

/**
 * Listens to what a node tells of a context, for as long as the signal lets it; when the connection breaks, or the node is away, it
 * connects again, at first soon and then every 10 s.
 */
export async function followNode(client: NodeClient, contextId: string, ear: NodeEar, signal: AbortSignal): Promise<void> {
  let againMs = FIRST_AGAIN_MS
  let refused: string | undefined
  while (!signal.aborted) {
    const token = await tokenOf(client, refused)
    refused = token
    const subscription =
      token === undefined ? undefined : openSubscription({ url: client.url, token, contextId, onEvents: ear.onEvents, signal })
    if ((await subscription?.isHearing) === true) {
      refused = undefined
      againMs = FIRST_AGAIN_MS
      ear.onHearing()
      await subscription?.ended
    }
    if (signal.aborted) return
    ear.onDeaf()
    await pause(againMs, signal).catch(() => undefined)
    againMs = Math.min(againMs * 2, LONGEST_AGAIN_MS)
  }
}

/** Undefined when the node gives none now. A connection that fails does not say why; so the token is changed in any case. */
async function tokenOf(client: NodeClient, refused: string | undefined): Promise<string | undefined> {
  try {
    return refused === undefined ? await client.token() : await client.tokenInsteadOf(refused)
  } catch (failure) {
    if (failure instanceof EngineError) return undefined
    throw failure
  }
}
