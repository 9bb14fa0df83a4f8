import * as z from 'zod'
import type { CallOptions } from '../../engine/contextEngine.ts'
import { base58Of } from '../executorId.ts'
import type { NodeAccess } from '../node/nodeAccess.ts'
import { NodeClient } from '../node/nodeClient.ts'
import type { CircleIds } from './circleIds.ts'

/**
 * Lets a node in that was invited: it gets the circle's key, and from then on the shared state. Only the node that opened the circle can. An
 * invitation alone does not: rc.4 checks its expiry on the guest's own machine only, so that whoever was removed could come back with an old one. The
 * app's own `admit_member` is another step: it gives the right to write.
 * @param executor - What `joinCircle` told of the guest (`onExecutor`): 64 lower-case hex digits.
 * @throws {NodeFailedError} The guest has not joined the namespace yet, or this node may not.
 * @throws {NodeAwayError}
 */
export async function addToCircle(node: NodeAccess, ids: CircleIds, executor: string, { signal }: CallOptions = {}): Promise<void> {
  await new NodeClient(node).ask({
    what: 'letting a node in',
    path: `/admin-api/groups/${ids.groupId}/members`,
    json: JSON.stringify({ members: [{ identity: base58Of(executor), role: 'Member' }] }),
    schema: z.unknown(),
    signal,
  })
}
