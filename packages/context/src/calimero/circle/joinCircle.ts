import type { CallOptions } from '../../engine/contextEngine.ts'
import type { NodeAccess } from '../node/nodeAccess.ts'
import type { CircleIds } from './circleIds.ts'
import type { Invitation } from './invitation.ts'

/** How a node joins. */
export type JoiningOptions = CallOptions & {
  /** The app's signed bundle (`.mpk`), on the node's disk; its hash must be the invitation's. */
  readonly bundlePath: string
  /** Hears what is being waited for, in a few plain words. */
  readonly told?: ((words: string) => void) | undefined
}

/** What a node has that joined. */
export type JoinedCircle = {
  readonly ids: CircleIds
  /** The node's key in the circle: 64 lower-case hex digits. The circle's keeper still has to admit it in the app. */
  readonly executor: string
}

/**
 * Brings a node into a circle: installs the app, joins namespace and context, and waits until the shared state is here. Whoever joined
 * already gets the same answer again.
 */
export async function joinCircle(node: NodeAccess, invitation: Invitation, options: JoiningOptions): Promise<JoinedCircle> {
  throw new Error(`not written yet: ${node.url} ${invitation.ids.contextId} ${options.bundlePath}`)
}
