import type { CallOptions } from '../../engine/contextEngine.ts'
import type { NodeAccess } from '../node/nodeAccess.ts'
import type { CircleIds } from './circleIds.ts'

/**
 * Removes another node from the circle's group, so that it gets no later entries; what it has it keeps. Only the node that opened the circle can. The app's own
 * `remove_member` is another step: it ends the member's rights in the app.
 */
export async function removeFromCircle(node: NodeAccess, ids: CircleIds, executor: string, options: CallOptions = {}): Promise<void> {
  throw new Error(`not written yet: ${node.url} ${ids.contextId} ${executor} ${options.signal}`)
}
