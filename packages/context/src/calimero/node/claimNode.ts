import type { CallOptions } from '../../engine/contextEngine.ts'
import type { NodeAccess } from './nodeAccess.ts'
import { NodeTokens } from './nodeTokens.ts'

/**
 * Makes this password a fresh node's owner: the first who signs in owns it, so do it right after the node's first start. On a node that
 * this password owns already it does nothing.
 * @throws {NodeRefusedError} Another password owns the node.
 * @throws {NodeAwayError}
 * @throws {NodeAddressError} The node is not on this machine.
 */
export async function claimNode(access: NodeAccess, { signal }: CallOptions = {}): Promise<void> {
  signal?.throwIfAborted()
  await new NodeTokens(access).current()
  signal?.throwIfAborted()
}
