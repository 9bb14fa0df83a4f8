import * as z from 'zod'
import type { CallOptions } from '../../engine/contextEngine.ts'
import type { NodeClient } from './nodeClient.ts'

/**
 * Has a node compare its state with another node's now, and take over what it lacks; it would within 10 s by itself. Loses nothing. The
 * node answers at once: what comes of it shows later, in `stateComparisons`.
 * @throws {NodeFailedError}
 * @throws {NodeAwayError}
 */
export async function requestComparison(client: NodeClient, contextId: string, options: RepairOptions = {}): Promise<void> {
  await client.ask({ what: 'synchronising', path: `/admin-api/contexts/sync/${contextId}`, json: '{}', schema: z.unknown(), ...options })
}

/**
 * Has a node replace its copy of the shared state by another node's: for a copy that comparisons do not bring in step. What is shared and was
 * on this node alone is lost, so file it again afterwards. The private storage stays as it is: rc.4 keeps it elsewhere. The node answers at
 * once; it replaces the copy when it next finds another node.
 * @throws {NodeFailedError} The node is not in the group of the context.
 * @throws {NodeAwayError}
 */
export async function requestReplacement(client: NodeClient, contextId: string, options: RepairOptions = {}): Promise<void> {
  const path = `/admin-api/contexts/${contextId}/resync`
  await client.ask({
    what: 'replacing the copy of the state',
    path,
    json: JSON.stringify({ force: true }),
    schema: z.unknown(),
    ...options,
  })
}

type RepairOptions = CallOptions & { readonly timeoutMs?: number | undefined }
