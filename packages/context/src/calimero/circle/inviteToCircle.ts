import type { CallOptions } from '../../engine/contextEngine.ts'
import type { NodeAccess } from '../node/nodeAccess.ts'
import type { CircleIds } from './circleIds.ts'
import type { Invitation } from './invitation.ts'

/** How long an invitation is good for. */
export type InvitingOptions = CallOptions & {
  /** Seconds; at most a day. */
  readonly expiresInS: number
}

/** Makes an invitation to a circle; whoever holds it can join until it expires. The node must be online while the guest joins. */
export async function inviteToCircle(node: NodeAccess, ids: CircleIds, options: InvitingOptions): Promise<Invitation> {
  throw new Error(`not written yet: ${node.url} ${ids.contextId} ${options.expiresInS}`)
}
