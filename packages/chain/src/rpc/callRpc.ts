import * as z from 'zod'
import { AnswerTooLargeError, ChainUnreachableError } from '../errors.ts'
import { failureOfRpc } from '../failures/failureOfRpc.ts'

/** How long a node may take to answer before it counts as unreachable. */
export const RPC_TIMEOUT_MS = 10_000

/** How large an answer may be: several times a page of events as long as the network lets events be. */
const MAX_ANSWER_BYTES = 64 * 1_048_576

/** Options of everything that asks a node. */
export type RpcOptions = {
  /** Ends the call, and with it what it was for. */
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number | undefined
  /** How large the answer may be, for a question whose answer a stranger's contract gives. */
  readonly maxBytes?: number | undefined
}

const answerSchema = z.object({
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }).optional(),
})

/**
 * Asks a Starknet node one thing and checks the shape of its answer.
 * @throws {ChainUnreachableError} No answer in time, none that is JSON-RPC, or one of another shape.
 * @throws {AnswerTooLargeError} The answer is larger than `maxBytes`; the rest of it was not read.
 * @throws {ContractError} A contract failed with a known text.
 * @throws {ChainFailureError} Any other error of the node; `rpcCode` says which.
 */
export async function callRpc<T>(
  rpcUrl: string,
  method: string,
  params: Readonly<Record<string, unknown>>,
  result: z.ZodType<T>,
  { signal, timeoutMs = RPC_TIMEOUT_MS, maxBytes = MAX_ANSWER_BYTES }: RpcOptions = {},
): Promise<T> {
  signal?.throwIfAborted()
  const answer = await post(rpcUrl, method, params, { signal, timeoutMs, maxBytes })
  if (answer.error !== undefined) throw failureOfRpc(answer.error, method)
  const parsed = result.safeParse(answer.result)
  if (!parsed.success) throw new ChainUnreachableError(`${method}: unexpected answer at ${parsed.error.issues[0]?.path.join('.')}`)
  return parsed.data
}

async function post(
  rpcUrl: string,
  method: string,
  params: Readonly<Record<string, unknown>>,
  { signal, timeoutMs, maxBytes }: { signal: AbortSignal | undefined; timeoutMs: number; maxBytes: number },
): Promise<z.output<typeof answerSchema>> {
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    })
    return answerSchema.parse(JSON.parse(await textOf(response, maxBytes, method)))
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason
    if (error instanceof AnswerTooLargeError) throw error
    throw new ChainUnreachableError(method, { cause: error })
  }
}

/** The text of an answer; gives up as soon as it is too long. */
async function textOf({ body }: Response, maxBytes: number, method: string): Promise<string> {
  const reader = body?.getReader()
  const decoder = new TextDecoder()
  let [text, bytes] = ['', 0]
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done || value === undefined) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > maxBytes) {
      await reader?.cancel()
      throw new AnswerTooLargeError(`${method}: more than ${maxBytes} bytes`)
    }
    text += decoder.decode(value, { stream: true })
  }
}
