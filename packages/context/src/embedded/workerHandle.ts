import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { EngineMember } from '../engine/contextEngine.ts'
import { EngineClosedError, type EngineError, StorageError, TimeoutError, TrapError } from '../engine/engineErrors.ts'
import { failureError } from './failureError.ts'
import { cpuMs, type EngineLogLine, phase, type Reply, type Request, type WireEvent, type WorkerSettings, word } from './wire.ts'

/** What the worker answers to a request. */
export type Answer = { readonly json: string; readonly events: readonly WireEvent[]; readonly members: readonly EngineMember[] | undefined }

/** A request without its number. */
export type Ask =
  | { readonly is: 'call'; readonly member: string; readonly method: string; readonly input: string }
  | { readonly is: 'add-member'; readonly member: string }
  | { readonly is: 'close' }

/** How many times its limit a call may wait for a core. */
const PATIENCE = 10
/** Between two looks at a call that is over its time. */
const LEAST_WAIT_MS = 5

/** One worker thread and the one request that it has in hand. */
export class WorkerHandle {
  readonly #worker: Worker
  readonly #words: Int32Array<SharedArrayBuffer>
  #pending: { readonly id: number; readonly method: string; settle(result: Answer | EngineError): void } | undefined
  #lastId = 0
  /** Set when this worker takes no more requests. */
  #end: EngineError | undefined

  private constructor(worker: Worker, words: Int32Array<SharedArrayBuffer>) {
    this.#worker = worker
    this.#words = words
  }

  /**
   * Starts a worker and waits until it has read its files.
   * @throws {StorageError} They cannot be read.
   */
  static async start(
    settings: Omit<WorkerSettings, 'words'>,
    log: (line: EngineLogLine) => void,
  ): Promise<{ handle: WorkerHandle; members: readonly EngineMember[]; isInitialised: boolean }> {
    const words = new Int32Array(new SharedArrayBuffer(word.count * Int32Array.BYTES_PER_ELEMENT))
    const workerData: WorkerSettings = { ...settings, words }
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData, execArgv: [], name: 'medsync-context' })
    const reply = await firstReply(worker)
    if (reply.is !== 'open') {
      await worker.terminate()
      throw reply.is === 'not-open' ? failureError('open', reply.failure) : new StorageError('failed', 'open')
    }
    const handle = new WorkerHandle(worker, words)
    handle.#listen(log)
    if (reply.isNewlySealed) log({ event: 'sealed' })
    return { handle, members: reply.members, isInitialised: reply.isInitialised }
  }

  /** Whether requests can still be made. */
  get isAlive(): boolean {
    return this.#end === undefined
  }

  /**
   * Makes one request; the one before has to be answered.
   * @param limitMs - When the app runs longer, it is ended: this worker is of no more use then.
   * @throws {EngineError}
   */
  async ask(ask: Ask, limitMs: number): Promise<Answer> {
    if (this.#end !== undefined) throw this.#end
    const id = ++this.#lastId
    const method = ask.is === 'call' ? ask.method : ask.is
    const answered = Promise.withResolvers<Answer | EngineError>()
    this.#pending = { id, method, settle: answered.resolve }
    const stopTimer = ask.is === 'call' ? this.#startTimer(method, limitMs) : undefined
    const request: Request = { ...ask, id }
    this.#worker.postMessage(request)
    const result = await answered.promise
    stopTimer?.()
    this.#pending = undefined
    if (result instanceof Error) throw result
    return result
  }

  /** Ends the thread at once. */
  async terminate(reason: EngineError = new EngineClosedError()): Promise<void> {
    this.#end ??= reason
    await this.#worker.terminate()
  }

  #listen(log: (line: EngineLogLine) => void): void {
    this.#worker.on('message', (reply: Reply) => {
      if (reply.is === 'log') log(reply.line)
      else if (reply.is === 'done' && reply.id === this.#pending?.id) this.#pending.settle(reply)
      else if (reply.is === 'failed' && reply.id === this.#pending?.id)
        this.#pending.settle(failureError(this.#pending.method, reply.failure))
    })
    this.#worker.on('error', (cause) =>
      this.#lose(new TrapError(this.#pending?.method ?? 'worker', 'the worker thread failed', String(cause))),
    )
    this.#worker.on('exit', () => this.#lose(new EngineClosedError()))
  }

  /** The thread is gone, by itself. */
  #lose(reason: EngineError): void {
    this.#end ??= reason
    this.#pending?.settle(this.#end)
  }

  /**
   * The time of a call counts from when the app runs, and by what it uses of a core: a machine that is busy with other things ends no
   * call. An app that gets nowhere in ten times the limit is ended, too.
   */
  #startTimer(method: string, limitMs: number): () => void {
    const request = this.#pending
    const startedMs = performance.now()
    const check = async () => {
      const leftMs = performance.now() - startedMs < limitMs * PATIENCE ? await this.#leftMs(limitMs) : 0
      if (this.#pending !== request || this.#end !== undefined) return
      if (leftMs > 0 || !this.#claimEnd()) {
        timer = setTimeout(check, Math.max(leftMs, LEAST_WAIT_MS))
        return
      }
      this.#end = new TimeoutError(method, limitMs)
      await this.#worker.terminate()
    }
    let timer = setTimeout(check, limitMs)
    return () => clearTimeout(timer)
  }

  async #leftMs(limitMs: number): Promise<number> {
    if (Atomics.load(this.#words, word.phase) !== phase.running) return limitMs
    const startedCpuMs = Atomics.load(this.#words, word.startedCpuMs)
    const used = await this.#worker.cpuUsage().catch(() => undefined)
    return used === undefined ? limitMs : limitMs - (cpuMs(used) - startedCpuMs)
  }

  #claimEnd(): boolean {
    return Atomics.compareExchange(this.#words, word.phase, phase.running, phase.ended) === phase.running
  }
}

async function firstReply(worker: Worker): Promise<Reply> {
  try {
    const [reply]: Reply[] = await once(worker, 'message')
    if (reply !== undefined) return reply
  } catch (cause) {
    throw new StorageError('failed', 'the worker thread did not start', { cause })
  }
  throw new StorageError('failed', 'the worker thread did not start')
}
