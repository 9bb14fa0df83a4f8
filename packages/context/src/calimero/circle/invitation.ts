import * as z from 'zod'
import { circleIdsSchema } from './circleIds.ts'

/**
 * Lets whoever holds it into a circle until it expires: send it over a private channel. What the node made (`token`) is opaque to us.
 */
export const invitationSchema = z.object({
  version: z.literal(1),
  ids: circleIdsSchema,
  /** SHA-256 of the app's bundle, in hex: the guest installs this one and no other. */
  bundleHash: z.string().regex(/^[0-9a-f]{64}$/),
  /** By the clock of who invites; seconds since 1970. */
  expiresAtS: z.number().int().positive(),
  /** The node's own invitation, as it gave it. */
  token: z.record(z.string(), z.unknown()),
})

/** Lets whoever holds it into a circle until it expires. */
export type Invitation = z.output<typeof invitationSchema>
