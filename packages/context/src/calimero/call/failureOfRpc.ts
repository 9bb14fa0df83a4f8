import { type EngineError, MethodUnknownError } from '../../engine/engineErrors.ts'
import { NodeFailedError, NodeNotReadyError } from '../../engine/nodeErrors.ts'
import { failureOfFunction } from './failureOfFunction.ts'
import type { RpcError } from './rpcAnswer.ts'

const HTTP_OK = 200

/** What a node reports that is not about the call itself, and whether it may pass by itself. */
const notReady: Readonly<Record<string, { readonly reason: string; readonly isPassing: boolean }>> = {
  Uninitialized: { reason: 'the shared state has not arrived yet', isPassing: true },
  GroupKeyPending: { reason: 'the group’s key has not arrived yet', isPassing: true },
  UpgradeInProgress: { reason: 'the app is being upgraded', isPassing: true },
  ContextNotFound: { reason: 'it has not joined', isPassing: false },
  Unauthorized: { reason: 'it is no member', isPassing: false },
  ApplicationNotInstalled: { reason: 'the app is not installed', isPassing: false },
}

/**
 * The engine's error for a failure that a node answered.
 * @param method - Of the app.
 * @source calimero-context-client 0.11.0-rc.4, `ExecuteError`; calimero-server-primitives, `ExecutionError`.
 */
export function failureOfRpc(method: string, { type, data }: RpcError): EngineError {
  const known = Object.hasOwn(notReady, type) ? notReady[type] : undefined
  if (known !== undefined) return new NodeNotReadyError(known.reason, known.isPassing)
  if (type === 'FunctionCallError' && typeof data === 'string') return failureOfFunction(method, data)
  if (type === 'ParseError') return new MethodUnknownError(method)
  return new NodeFailedError(/^\w{1,40}$/.test(type) ? `${method}, ${type}` : method, HTTP_OK, JSON.stringify(data))
}
