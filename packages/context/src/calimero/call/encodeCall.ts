import { ARGUMENT_BYTES } from '../../embedded/limits.ts'
import type { MethodArguments } from '../../engine/contextEngine.ts'
import { ArgumentError, LimitError } from '../../engine/engineErrors.ts'

/**
 * A call of the app's method as the JSON-RPC request that a node takes.
 * @throws {ArgumentError} The arguments cannot be written as JSON.
 * @throws {LimitError} They are more than a node takes as one request.
 */
export function encodeCall(contextId: string, method: string, args: MethodArguments): string {
  const json = jsonOf({ jsonrpc: '2.0', id: 1, method: 'execute', params: { contextId, method, argsJson: args } })
  if (json === undefined) throw new ArgumentError(method, 'they cannot be written as JSON')
  if (Buffer.byteLength(json) > ARGUMENT_BYTES) throw new LimitError(method, 'arguments', ARGUMENT_BYTES)
  return json
}

/** Undefined for what JSON cannot say. */
function jsonOf(request: unknown): string | undefined {
  try {
    return JSON.stringify(request)
  } catch {
    return undefined
  }
}
