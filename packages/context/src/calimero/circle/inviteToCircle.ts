import * as z from 'zod'
import type { CallOptions } from '../../engine/contextEngine.ts'
import { InvitationError } from '../../engine/nodeErrors.ts'
import type { NodeAccess } from '../node/nodeAccess.ts'
import { NodeClient } from '../node/nodeClient.ts'
import type { CircleIds } from './circleIds.ts'
import { checkInvitation, type Invitation } from './invitation.ts'
import { nodeInvitationSchema } from './nodeInvitation.ts'

/** How long an invitation is good for. */
export type InvitingOptions = CallOptions & {
  /** Seconds; at most a day. */
  readonly expiresInS: number
}

const LONGEST_S = 86_400
const invitedSchema = z.object({ data: z.object({ invitation: nodeInvitationSchema }) })

/**
 * Makes an invitation to a circle; whoever holds it can ask to be let in until it expires, also several (see `addToCircle`). The node must be
 * online while they do.
 * @throws {InvitationError} The time is none of 1 second to a day.
 * @throws {NodeFailedError} The node has no such circle, or may not invite to it.
 * @throws {NodeAwayError}
 */
export async function inviteToCircle(node: NodeAccess, ids: CircleIds, { expiresInS, signal }: InvitingOptions): Promise<Invitation> {
  if (!Number.isInteger(expiresInS) || expiresInS < 1 || expiresInS > LONGEST_S)
    throw new InvitationError(`it may be good for 1 to ${LONGEST_S} s`)
  const { data } = await new NodeClient(node).ask({
    what: 'making an invitation',
    path: `/admin-api/namespaces/${ids.namespaceId}/invite`,
    // Seconds from now, whatever the field's name says.
    json: JSON.stringify({ expirationTimestamp: expiresInS }),
    schema: invitedSchema,
    signal,
  })
  const bundleHash = Buffer.from(data.invitation.app_key).toString('hex')
  return checkInvitation({ version: 1, ids, bundleHash, token: data.invitation }, Date.now())
}
