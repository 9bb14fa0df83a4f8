import { ARGUMENT_BYTES } from '../../embedded/limits.ts'
import type { CallOptions } from '../../engine/contextEngine.ts'
import { LimitError } from '../../engine/engineErrors.ts'
import { NodeAwayError, NodeFailedError, NodeNotReadyError } from '../../engine/nodeErrors.ts'
import { NODE_TIMEOUT_MS, type NodeClient } from '../node/nodeClient.ts'
import { parseAnswer } from '../node/parseAnswer.ts'
import { pause } from '../node/pause.ts'
import { failureOfRpc } from './failureOfRpc.ts'
import { rpcAnswerSchema } from './rpcAnswer.ts'

/** One call of the app. */
export type NodeCall = {
  readonly method: string
  /** See `encodeCall`. */
  readonly json: string
}

/** How long a call may take, retries and all. */
export const CALL_TIMEOUT_MS = 60_000

const TOO_LARGE = 413
const AGAIN_MS = 250
/** What has not arrived by then is not on its way. */
const READY_WITHIN_MS = 10_000

/**
 * Calls a method of the app on a node. It is sent again when the node breaks off, is too slow, or still waits for state or key: all
 * methods of the app may be sent again, and change nothing the second time (a writer then answers `false`).
 * @returns What the method answers.
 * @throws {EngineError} As the embedded engine would; and of `nodeErrors.ts`.
 */
export async function callNode(
  client: NodeClient,
  call: NodeCall,
  { signal, timeoutMs = CALL_TIMEOUT_MS }: CallOptions & { readonly timeoutMs?: number | undefined } = {},
): Promise<unknown> {
  const startedMs = performance.now()
  for (;;) {
    const leftMs = timeoutMs - (performance.now() - startedMs)
    try {
      return await callOnce(client, call, signal, Math.max(1, Math.min(NODE_TIMEOUT_MS, Math.ceil(leftMs))))
    } catch (failure) {
      const withinMs = failure instanceof NodeNotReadyError ? Math.min(READY_WITHIN_MS, timeoutMs) : timeoutMs
      const isLate = performance.now() - startedMs + AGAIN_MS >= withinMs
      if (isLate || !mayPass(failure)) throw failure
    }
    await pause(AGAIN_MS, signal)
  }
}

async function callOnce(client: NodeClient, { method, json }: NodeCall, signal: AbortSignal | undefined, timeoutMs: number) {
  const answer = await client.send({ path: '/jsonrpc', json, signal, timeoutMs })
  if (answer.status === TOO_LARGE) throw new LimitError(method, 'arguments', ARGUMENT_BYTES)
  if (answer.status !== 200) throw new NodeFailedError(method, answer.status, answer.text)
  const parsed = parseAnswer(method, answer, rpcAnswerSchema)
  if ('error' in parsed) throw failureOfRpc(method, parsed.error)
  return parsed.result['output'] ?? null
}

function mayPass(failure: unknown): boolean {
  if (failure instanceof NodeNotReadyError) return failure.isPassing
  return failure instanceof NodeAwayError && failure.silence !== 'unreachable'
}
