import { circleIdsSchema, nodeAccessSchema } from '@medsync/context/calimero'
import * as z from 'zod'

/** What `CONTEXT_FILE` says: which circle, and the nodes of the tenants served here. It holds their passwords: mode 0600. */
export const circleFileSchema = z.object({
  ids: circleIdsSchema,
  nodes: z
    .array(
      z.object({
        /** Slug of the tenant whose node it is. */
        member: z.string().min(1),
        access: nodeAccessSchema,
        /** The node's key in the circle; with it the gateway starts while the node is away. */
        executor: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .optional(),
      }),
    )
    .min(1),
})

/** What `CONTEXT_FILE` says. */
export type CircleFile = z.output<typeof circleFileSchema>
