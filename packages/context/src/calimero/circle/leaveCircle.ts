import * as z from 'zod'
import type { CallOptions } from '../../engine/contextEngine.ts'
import type { NodeAccess } from '../node/nodeAccess.ts'
import { NodeClient } from '../node/nodeClient.ts'
import type { CircleIds } from './circleIds.ts'

/**
 * Takes this node itself out of the circle; it gets no later entries. What it has it keeps.
 * @throws {NodeFailedError} It is no member, or it opened the circle and cannot leave it.
 * @throws {NodeAwayError}
 */
export async function leaveCircle(node: NodeAccess, ids: CircleIds, { signal }: CallOptions = {}): Promise<void> {
  await new NodeClient(node).ask({
    what: 'leaving the circle',
    path: `/admin-api/namespaces/${ids.namespaceId}/leave`,
    json: '{}',
    schema: z.unknown(),
    signal,
  })
}
