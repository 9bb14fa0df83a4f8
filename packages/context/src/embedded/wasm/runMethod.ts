import { CallFailure, type Failure, overLimit } from '../failure.ts'
import { RUNTIME_LIMITS } from '../limits.ts'
import type { Transaction } from '../store/transaction.ts'
import type { GuestClock } from './guestClock.ts'
import { GuestMemory } from './guestMemory.ts'
import { hostFunctions } from './hostFunctions.ts'
import type { Outcome } from './outcome.ts'
import { Registers } from './registers.ts'

/** Export that teaches the app how its types merge; the runtime calls it first. */
const REGISTER_MERGE = '__calimero_register_merge'

/** One call, as the app will see it. */
export type MethodCall = {
  readonly method: string
  /** Arguments as UTF-8, and 32 bytes each; binary strings. */
  readonly input: string
  readonly contextId: string
  readonly executorId: string
  readonly shared: Transaction
  readonly private: Transaction
  readonly clock: GuestClock
}

/**
 * Runs a method on a fresh instance of the app: nothing of one call can be seen by the next but what it wrote. (Measured: making one
 * costs less than a tenth of a call.) Writes are in the transactions afterwards; whoever calls keeps them or takes them back.
 * @throws {CallFailure} With what the app's return, panic, trap or excess means.
 */
export function runMethod(module: WebAssembly.Module, call: MethodCall): Outcome {
  if (call.method.length > RUNTIME_LIMITS.methodNameBytes) throw overLimit('method name', RUNTIME_LIMITS.methodNameBytes)
  const outcome: Outcome = { returned: undefined, root: undefined, artifact: '', events: [], logLines: 0 }
  let memory: GuestMemory | undefined
  const functions = hostFunctions({
    ...call,
    outcome,
    registers: new Registers(),
    memory() {
      if (memory === undefined) throw new CallFailure({ is: 'trap', place: 'a host function before the start', words: '' })
      return memory
    },
  })
  try {
    const { exports } = new WebAssembly.Instance(module, { env: functions })
    if (exports['memory'] instanceof WebAssembly.Memory) memory = new GuestMemory(exports['memory'])
    const method = exports[call.method]
    if (!isMethod(call.method, method)) throw new CallFailure({ is: 'method-unknown' })
    const registerMerge = exports[REGISTER_MERGE]
    if (typeof registerMerge === 'function') registerMerge()
    method()
  } catch (cause) {
    throw new CallFailure(failureOf(cause))
  }
  if (outcome.returned?.isOk === false) throw new CallFailure({ is: 'application', json: outcome.returned.json })
  return outcome
}

/** Names that begin with two underscores are the runtime's own. */
function isMethod(name: string, value: WebAssembly.ExportValue | undefined): value is () => void {
  return /^[A-Za-z0-9_]+$/.test(name) && !name.startsWith('__') && typeof value === 'function' && value.length === 0
}

function failureOf(cause: unknown): Failure {
  if (cause instanceof CallFailure) return cause.failure
  if (cause instanceof WebAssembly.RuntimeError) return { is: 'trap', place: cause.message, words: '' }
  if (cause instanceof RangeError) {
    return { is: 'trap', place: cause.message.includes('call stack') ? 'stack overflow' : 'no memory left on this machine', words: '' }
  }
  const place = cause instanceof Error ? `host: ${cause.name}` : 'host'
  return { is: 'trap', place, words: String(cause) }
}
