import * as z from 'zod'
import { isBase58Of32 } from '../base58.ts'

const base58Id = z.string().refine(isBase58Of32, 'An id of 32 bytes in base58.')
const hexId = z.string().regex(/^[0-9a-f]{64}$/, 'An id of 32 bytes in lower-case hex.')

/** Where a circle is on the network of nodes; none of it is secret, and none of it lets anybody in. */
export const circleIdsSchema = z.object({
  /** The app; base58, the same on all nodes for a signed bundle. */
  applicationId: base58Id,
  /** Whom the members belong to; hex. */
  namespaceId: hexId,
  /** The namespace's own group, in which the context is; hex. */
  groupId: hexId,
  /** The shared state; base58. */
  contextId: base58Id,
})

/** Where a circle is on the network of nodes. */
export type CircleIds = z.output<typeof circleIdsSchema>
