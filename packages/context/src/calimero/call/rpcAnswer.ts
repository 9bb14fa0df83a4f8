import * as z from 'zod'

/** What a node answers to a JSON-RPC request: with HTTP status 200, also when it failed. */
export const rpcAnswerSchema = z.union([
  z.object({ result: z.looseObject({}) }),
  z.object({ error: z.object({ type: z.string(), data: z.unknown().optional() }) }),
])

/** The failure in it. */
export type RpcError = { readonly type: string; readonly data?: unknown }
