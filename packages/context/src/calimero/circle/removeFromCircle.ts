import * as z from 'zod'
import type { CallOptions } from '../../engine/contextEngine.ts'
import { base58Of } from '../executorId.ts'
import type { NodeAccess } from '../node/nodeAccess.ts'
import { NodeClient } from '../node/nodeClient.ts'
import type { CircleIds } from './circleIds.ts'

/**
 * Removes another node from the circle, so that it gets no later entries, also with an old invitation; what it has it keeps. Only the
 * node that opened the circle can. The app's own `remove_member` is another step: it ends the right to write.
 * @param executor - 64 lower-case hex digits.
 * @throws {NodeFailedError} There is no such member, or this node may not.
 * @throws {NodeAwayError}
 */
export async function removeFromCircle(node: NodeAccess, ids: CircleIds, executor: string, { signal }: CallOptions = {}): Promise<void> {
  const client = new NodeClient(node)
  // The group first: with it goes the key.
  for (const group of new Set([ids.groupId, ids.namespaceId])) {
    await client.ask({
      what: 'removing a member',
      path: `/admin-api/groups/${group}/members/remove`,
      json: JSON.stringify({ members: [base58Of(executor)] }),
      schema: z.unknown(),
      signal,
    })
  }
}
