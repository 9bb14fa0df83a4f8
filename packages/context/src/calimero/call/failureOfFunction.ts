import { failureError } from '../../embedded/failureError.ts'
import { RUNTIME_LIMITS } from '../../embedded/limits.ts'
import { panicFailure } from '../../embedded/wasm/panicFailure.ts'
import { type EngineError, LimitError, MethodUnknownError, TrapError } from '../../engine/engineErrors.ts'
import { NodeNotReadyError } from '../../engine/nodeErrors.ts'

const RETURNED = /^the method call returned an error: \[([\d, ]*)\]$/
const PANICKED = /^(guest|host) panicked: (.*?)(?: at (\S{1,200}:\d+:\d+))?$/s
const UNKNOWN = /^method (?:".*" (?:not found|has invalid signature)|name )/s
const NO_IDENTITY = /^(?:No owned identity found|Failed to resolve owned identity)/

/** Limits of the runtime, by what a node says of them. */
const limits: Readonly<Record<string, readonly [limit: string, most: number]>> = {
  'log size overflow': ['log line', RUNTIME_LIMITS.logBytes],
  'logs overflow': ['log lines', RUNTIME_LIMITS.logs],
  'events overflow': ['events', RUNTIME_LIMITS.events],
  'event kind size overflow': ['event kind', RUNTIME_LIMITS.eventKindBytes],
  'event data size overflow': ['event', RUNTIME_LIMITS.eventDataBytes],
  'key length overflow': ['storage key', RUNTIME_LIMITS.storageKeyBytes],
  'value length overflow': ['storage value', RUNTIME_LIMITS.storageValueBytes],
}

/** Ways to stop that say where, without a word of the call's. */
const traps: ReadonlySet<string> = new Set([
  'stack overflow',
  'memory out of bounds',
  'heap misaligned',
  'table access out of bounds',
  'indirect call to null',
  'bad signature',
  'illegal arithmetic operation',
  'unreachable code reached',
  'unaligned atomic operation',
  'indeterminate trap',
  'invalid memory access',
  'invalid UTF-8 string',
  'integer overflow',
])

/**
 * The engine's error for what the runtime on a node says of a call, which is a text: it is told apart by its beginning, and nothing of
 * it that may hold a value gets into the error's words.
 * @source calimero-runtime 0.11.0-rc.4, src/errors.rs.
 */
export function failureOfFunction(method: string, text: string): EngineError {
  const returned = RETURNED.exec(text)?.[1]
  if (returned !== undefined) return failureError(method, { is: 'application', json: textOf(returned) })
  const panicked = PANICKED.exec(text)
  if (panicked !== null) return failureError(method, panicFailure(panicked[2] ?? '', panicked[3] ?? 'an unknown place'))
  if (UNKNOWN.test(text)) return new MethodUnknownError(method)
  if (NO_IDENTITY.test(text)) return new NodeNotReadyError('it has not joined', false)
  const limit = Object.hasOwn(limits, text) ? limits[text] : undefined
  if (limit !== undefined) return new LimitError(method, ...limit)
  return new TrapError(method, traps.has(text) ? text : 'an unknown place', text)
}

/** Bytes as the node prints them: `123, 34, …`. */
function textOf(printed: string): string {
  return Buffer.from(printed.split(',').map(Number)).toString('utf8')
}
