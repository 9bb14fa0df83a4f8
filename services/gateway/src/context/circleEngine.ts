import { ContextUnavailableError } from '@medsync/context'
import { type AppAnswers, type AppArguments, type AppMethod, callApp } from '@medsync/context/app'
import { ApplicationError, type CallOptions, type ContextEngine, EngineError } from '@medsync/context/engine'

/** Failures that say something of the call; all others say that the engine, or the node behind it, is of no use now. */
const OF_THE_CALL: ReadonlySet<string> = new Set(['context/application', 'context/argument', 'context/method-unknown', 'context/limit'])
/** How long after a failed try to open an engine the next one may follow. */
const REOPEN_AFTER_MS = 1_000

/** Opens an engine; called again after it failed. */
export type OpenEngine = () => Promise<ContextEngine>

/**
 * An engine that may be away for a while: opened when it is first needed, tried again when that failed, and every answer parsed.
 */
export class CircleEngine {
  readonly #open: OpenEngine
  #engine: Promise<ContextEngine> | undefined
  #failedAtMs = Number.NEGATIVE_INFINITY
  #isClosed = false

  constructor(open: OpenEngine) {
    this.#open = open
  }

  /** @throws {ContextUnavailableError} It cannot be opened now. */
  async opened(): Promise<ContextEngine> {
    if (this.#isClosed) throw new ContextUnavailableError()
    if (this.#engine === undefined && performance.now() - this.#failedAtMs < REOPEN_AFTER_MS) throw new ContextUnavailableError()
    this.#engine ??= this.#open()
    const opening = this.#engine
    try {
      return await opening
    } catch (cause) {
      if (this.#engine === opening) this.#engine = undefined
      this.#failedAtMs = performance.now()
      throw asContextError(cause)
    }
  }

  /**
   * Calls a method of the app.
   * @throws {ContextUnavailableError} The engine is away. @throws {ApplicationError} The app refused.
   */
  async call<M extends AppMethod>(seat: string, method: M, args: AppArguments[M], options?: CallOptions): Promise<AppAnswers[M]> {
    options?.signal?.throwIfAborted()
    const engine = await this.opened()
    try {
      return await callApp(engine, seat, method, args, options)
    } catch (error) {
      throw asContextError(error)
    }
  }

  /** Closes it for good. */
  async close(): Promise<void> {
    this.#isClosed = true
    const engine = await this.#engine?.catch(() => undefined)
    await engine?.close()
  }
}

/** Whether the app refused for this reason. */
export function isRefusal(error: unknown, kind: string): boolean {
  return error instanceof ApplicationError && error.kind === kind
}

/** Whoever is not admitted, or no longer, is as good as cut off until the keeper admits them. */
function asContextError(error: unknown): unknown {
  const isAway = (error instanceof EngineError && !OF_THE_CALL.has(error.code)) || isRefusal(error, 'NotAMember')
  return isAway ? new ContextUnavailableError({ cause: error }) : error
}
