import * as z from 'zod'

/** What `CONTEXT_FILE` says: which context, and the nodes of the tenants served here. It holds their passwords: mode 0600. */
export const circleFileSchema = z.object({
  contextId: z.string().min(1),
  nodes: z
    .array(
      z.object({
        /** Slug of the tenant whose node it is. */
        member: z.string().min(1),
        access: z.object({ url: z.url(), username: z.string().min(1), password: z.string().min(1) }),
      }),
    )
    .min(1),
})

/** What `CONTEXT_FILE` says. */
export type CircleFile = z.output<typeof circleFileSchema>
