import * as z from 'zod'
import type { CallOptions } from '../../engine/contextEngine.ts'
import type { NodeClient } from './nodeClient.ts'

const syncStatusSchema = z.union([
  z.object({ result: z.object({ isInitialized: z.boolean() }) }),
  z.object({ error: z.object({ type: z.literal('ContextNotFound') }) }),
])

/** Whether the shared state is on a node; `not joined` when it does not know of it. */
export async function syncStatus(
  client: NodeClient,
  contextId: string,
  options: CallOptions & { readonly timeoutMs?: number } = {},
): Promise<'initialised' | 'waiting' | 'not joined'> {
  const answer = await client.ask({
    what: 'the state of syncing',
    path: '/jsonrpc',
    json: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'sync_status', params: { contextId } }),
    schema: syncStatusSchema,
    ...options,
  })
  if ('error' in answer) return 'not joined'
  return answer.result.isInitialized ? 'initialised' : 'waiting'
}
