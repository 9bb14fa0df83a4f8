import type { CallOptions } from '../../engine/contextEngine.ts'
import type { NodeAccess } from './nodeAccess.ts'

/**
 * Makes this password a fresh node's owner: the first who signs in owns it, so do it right after the node's first start. On a node that
 * this password owns already it does nothing.
 */
export async function claimNode(access: NodeAccess, options: CallOptions = {}): Promise<void> {
  throw new Error(`not written yet: ${access.url} ${options.signal}`)
}
