import { CallFailure, type Failure, overLimit } from '../failure.ts'
import { RUNTIME_LIMITS } from '../limits.ts'
import { AppInstance, type MethodCall } from './appInstance.ts'
import type { Outcome } from './outcome.ts'

/** An app to run methods of. */
export type RunnableApp = {
  readonly module: WebAssembly.Module
  /** Whether an instance may serve a second call, once its memory was put back; see `AppInstance`. */
  readonly isReusable: boolean
}

/** Runs methods of an app, one at a time. */
export class MethodRunner {
  readonly #app: RunnableApp
  #kept: AppInstance | undefined

  constructor(app: RunnableApp) {
    this.#app = app
  }

  /**
   * Runs a method as on a fresh instance of the app: nothing of one call can be seen by the next but what it wrote. Writes are in the
   * transactions afterwards; whoever calls keeps them or takes them back.
   * @throws {CallFailure} With what the app's return, panic, trap or excess means.
   */
  run(call: MethodCall): Outcome {
    if (call.method.length > RUNTIME_LIMITS.methodNameBytes) throw overLimit('method name', RUNTIME_LIMITS.methodNameBytes)
    let instance = this.#kept ?? makeInstance(this.#app.module)
    this.#kept = undefined
    let outcome: Outcome
    try {
      outcome = runOn(instance, call)
    } catch (cause) {
      // An app that lacks memory traps, and a kept instance has a little less to give: the trap counts when a fresh one has it, too.
      if (!instance.hasGrown || !isTrap(cause)) throw cause
      call.shared.rollBack()
      call.private.rollBack()
      instance = makeInstance(this.#app.module)
      outcome = runOn(instance, call)
    }
    if (this.#app.isReusable && instance.putBack()) this.#kept = instance
    if (outcome.returned?.isOk === false) throw new CallFailure({ is: 'application', json: outcome.returned.json })
    return outcome
  }
}

function isTrap(cause: unknown): boolean {
  return cause instanceof CallFailure && cause.failure.is === 'trap'
}

function makeInstance(module: WebAssembly.Module): AppInstance {
  try {
    return new AppInstance(module)
  } catch (cause) {
    throw new CallFailure(failureOf(cause))
  }
}

function runOn(instance: AppInstance, call: MethodCall): Outcome {
  try {
    return instance.run(call)
  } catch (cause) {
    throw new CallFailure(failureOf(cause))
  }
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
