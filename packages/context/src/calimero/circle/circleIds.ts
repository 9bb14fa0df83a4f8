import * as z from 'zod'
import { base58IdSchema } from '../executorId.ts'

const hexId = z.string().regex(/^[0-9a-f]{64}$/, 'An id of 32 bytes in lower-case hex.')

/** Where a circle is on the network of nodes; none of it is secret, and none of it lets anybody in. */
export const circleIdsSchema = z.object({
  /** The app; base58, the same on all nodes. */
  applicationId: base58IdSchema,
  /** Whom the members belong to; hex. */
  namespaceId: hexId,
  /** The group in which the context is, a closed one: the keeper adds each member; hex. */
  groupId: hexId,
  /** The shared state; base58. */
  contextId: base58IdSchema,
})

/** Where a circle is on the network of nodes. */
export type CircleIds = z.output<typeof circleIdsSchema>
