import * as z from 'zod'
import { InvitationError } from '../../engine/nodeErrors.ts'
import { toBase58 } from '../base58.ts'
import { circleIdsSchema } from './circleIds.ts'
import { isSignedByInviter, nodeInvitationSchema } from './nodeInvitation.ts'

/**
 * Lets whoever holds it ask to be let into a circle until it expires: send it over a private channel. Everything in it is the inviting node's; its
 * holder need not understand it.
 */
export const invitationSchema = z.object({
  version: z.literal(1),
  ids: circleIdsSchema,
  /** Of the app's bundle on the inviting node (`bundleBlobId`), in hex: the guest installs this one and no other. */
  bundleHash: z.string().regex(/^[0-9a-f]{64}$/),
  /** The node's own invitation, as it gave it. */
  token: nodeInvitationSchema,
})

/** Lets whoever holds it ask to be let into a circle until it expires. */
export type Invitation = z.output<typeof invitationSchema>

/**
 * Checks an invitation before any node sees it.
 * @throws {InvitationError} It is garbled, forged, expired, or its parts do not belong together.
 */
export function checkInvitation(invitation: unknown, nowMs: number): Invitation {
  const parsed = invitationSchema.safeParse(invitation)
  if (!parsed.success) throw new InvitationError('it is garbled')
  const { ids, token, bundleHash } = parsed.data
  if (!isSignedByInviter(token)) throw new InvitationError('its signature is wrong')
  const isOneThing =
    Buffer.from(token.invitation.group_id).toString('hex') === ids.namespaceId &&
    toBase58(Uint8Array.from(token.application_id)) === ids.applicationId &&
    Buffer.from(token.app_key).toString('hex') === bundleHash
  if (!isOneThing) throw new InvitationError('its parts are of different circles')
  if (token.invitation.expiration_timestamp * 1_000 <= nowMs) throw new InvitationError('it has expired')
  return parsed.data
}
