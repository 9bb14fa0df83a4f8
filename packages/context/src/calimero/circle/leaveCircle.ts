import type { CallOptions } from '../../engine/contextEngine.ts'
import type { NodeAccess } from '../node/nodeAccess.ts'
import type { CircleIds } from './circleIds.ts'

/** Takes this node itself out of the circle; it gets no later entries. */
export async function leaveCircle(node: NodeAccess, ids: CircleIds, options: CallOptions = {}): Promise<void> {
  throw new Error(`not written yet: ${node.url} ${ids.contextId} ${options.signal}`)
}
