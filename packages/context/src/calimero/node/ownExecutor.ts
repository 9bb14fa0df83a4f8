import * as z from 'zod'
import type { CallOptions } from '../../engine/contextEngine.ts'
import { NodeFailedError, NodeNotReadyError } from '../../engine/nodeErrors.ts'
import { base58IdSchema, executorOf } from '../executorId.ts'
import { NODE_TIMEOUT_MS, type NodeClient } from './nodeClient.ts'
import { parseAnswer } from './parseAnswer.ts'

const NOT_FOUND = 404
const WHAT = 'the node’s own key'
const ownedSchema = z.object({ data: z.object({ identities: z.array(base58IdSchema) }) })

/**
 * The key that a node has in a circle: 64 lower-case hex digits.
 * @throws {NodeNotReadyError} It has not joined, or has left.
 */
export async function ownExecutor(
  client: NodeClient,
  contextId: string,
  { signal, timeoutMs = NODE_TIMEOUT_MS }: CallOptions & { readonly timeoutMs?: number } = {},
): Promise<string> {
  const answer = await client.send({ path: `/admin-api/contexts/${contextId}/identities-owned`, signal, timeoutMs })
  if (answer.status >= 300 && answer.status !== NOT_FOUND) throw new NodeFailedError(WHAT, answer.status, answer.text)
  const key = answer.status === NOT_FOUND ? undefined : parseAnswer(WHAT, answer, ownedSchema).data.identities[0]
  if (key === undefined) throw new NodeNotReadyError('it has not joined', false)
  return executorOf(key)
}
