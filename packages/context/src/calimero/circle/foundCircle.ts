import type { CallOptions } from '../../engine/contextEngine.ts'
import type { NodeAccess } from '../node/nodeAccess.ts'
import type { CircleIds } from './circleIds.ts'

/** What a circle begins with. */
export type FoundingOptions = CallOptions & {
  /** The app's signed bundle (`.mpk`), on the node's disk. */
  readonly bundlePath: string
  /** Arguments of the app's `init`; this node becomes the circle's first member and keeper. */
  readonly initialise: { readonly admin_organisation: string; readonly kind: 'hospital' | 'research' }
  /** For people, in the node's own lists. */
  readonly name: string
}

/**
 * Opens a new circle on a node: installs the app, makes the namespace and the context, and the app's `init` runs there. Each call makes
 * another circle: keep the ids.
 */
export async function foundCircle(node: NodeAccess, options: FoundingOptions): Promise<CircleIds> {
  throw new Error(`not written yet: ${node.url} ${options.name}`)
}
