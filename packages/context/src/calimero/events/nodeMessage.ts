import * as z from 'zod'

/** What a node says over its WebSocket, of what we heed: the answer to a request, and a change of the shared state with its events. */
export const nodeMessageSchema = z.union([
  z.object({ id: z.number(), result: z.unknown() }),
  z.object({ id: z.number(), error: z.unknown() }),
  z.object({
    id: z.null(),
    result: z.object({
      contextId: z.string(),
      type: z.literal('StateMutation'),
      data: z.object({
        events: z
          .array(z.object({ kind: z.string(), data: z.array(z.number().int().min(0).max(255)) }))
          .nullish()
          .transform((events) => events ?? []),
      }),
    }),
  }),
])

/** One event as it came; `data` is JSON, or else is told as text. */
export type ToldEvent = { readonly kind: string; readonly data: unknown }

/** An event's data: what its bytes say. */
export function eventData(bytes: readonly number[]): unknown {
  const text = Buffer.from(bytes).toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
