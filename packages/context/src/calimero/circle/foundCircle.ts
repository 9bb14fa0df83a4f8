import * as z from 'zod'
import type { CallOptions } from '../../engine/contextEngine.ts'
import { base58IdSchema } from '../executorId.ts'
import type { NodeAccess } from '../node/nodeAccess.ts'
import { NodeClient } from '../node/nodeClient.ts'
import { type CircleIds, circleIdsSchema } from './circleIds.ts'
import { checkApp, installApp } from './installApp.ts'

/** What a circle begins with. */
export type FoundingOptions = CallOptions & {
  /** The app's signed bundle (`.mpk`), on the node's disk. */
  readonly bundlePath: string
  /** Arguments of the app's `init`; this node becomes the circle's first member and keeper. */
  readonly initialise: { readonly admin_organisation: string; readonly kind: 'hospital' | 'research' }
  /** For people, in the node's own lists. */
  readonly name: string
}

const namespaceSchema = z.object({ data: z.object({ namespaceId: z.string() }) })
const groupSchema = z.object({ data: z.object({ groupId: z.string() }) })
const contextSchema = z.object({ data: z.object({ contextId: base58IdSchema }) })

/**
 * Opens a new circle on a node: installs the app, makes the namespace, in it a closed group with the context, and the app's `init` runs
 * there. Each call makes another circle: keep the ids.
 * @throws {BundleError} The bundle is not what was signed; nothing was installed.
 * @throws {NodeFailedError} The node could not, for instance because `initialise` is malformed.
 * @throws {NodeAwayError}
 */
export async function foundCircle(node: NodeAccess, options: FoundingOptions): Promise<CircleIds> {
  const { bundlePath, initialise, name, signal } = options
  const client = new NodeClient(node)
  const app = await checkApp(bundlePath)
  await installApp(client, app, signal)
  const { applicationId } = app
  const { data: namespace } = await client.ask({
    what: 'making the namespace',
    path: '/admin-api/namespaces',
    json: JSON.stringify({ applicationId, upgradePolicy: 'LazyOnAccess', name }),
    schema: namespaceSchema,
    signal,
  })
  const { namespaceId } = namespace
  const { data: group } = await client.ask({
    what: 'making the group',
    path: `/admin-api/namespaces/${namespaceId}/groups`,
    json: JSON.stringify({ groupName: name }),
    schema: groupSchema,
    signal,
  })
  const { groupId } = group
  const initializationParams = [...Buffer.from(JSON.stringify(initialise))]
  const { data: context } = await client.ask({
    what: 'making the context',
    path: '/admin-api/contexts',
    json: JSON.stringify({ applicationId, groupId, initializationParams, name }),
    schema: contextSchema,
    signal,
  })
  return circleIdsSchema.parse({ applicationId, namespaceId, groupId, contextId: context.contextId })
}
