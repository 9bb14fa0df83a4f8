import {
  AlreadyInitialisedError,
  ApplicationError,
  ArgumentError,
  type EngineError,
  LimitError,
  MethodUnknownError,
  NotInitialisedError,
  StorageError,
  TrapError,
} from '../engine/engineErrors.ts'
import type { Failure } from './failure.ts'
import { AppErrorShape } from './wire.ts'

/** The engine's error for what the worker reports of a call. */
export function failureError(method: string, failure: Failure): EngineError {
  switch (failure.is) {
    case 'application':
      return applicationError(method, failure.json)
    case 'method-unknown':
      return new MethodUnknownError(method)
    case 'argument':
      return new ArgumentError(method, failure.reason)
    case 'trap':
      return new TrapError(method, failure.place, failure.words)
    case 'limit':
      return new LimitError(method, failure.limit, failure.most)
    case 'not-initialised':
      return new NotInitialisedError()
    case 'already-initialised':
      return new AlreadyInitialisedError()
    case 'storage':
      return new StorageError(failure.reason, failure.details)
  }
}

/** An error that is not of the form `{kind, data}` comes from the SDK's storage: its text is data, since it may hold contents. */
function applicationError(method: string, json: string): ApplicationError {
  const parsed = AppErrorShape.safeParse(parseJson(json))
  if (parsed.success) return new ApplicationError(method, parsed.data.kind, parsed.data.data)
  return new ApplicationError(method, 'Unnamed', parseJson(json))
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return json
  }
}
