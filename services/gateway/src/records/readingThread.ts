import { Worker } from 'node:worker_threads'
import { isErrorCode } from '@medsync/protocol'
import { RecordError } from '../gatewayErrors.ts'
import type { BundleLimits } from './bundleContents.ts'
import type { FromWorker, ToWorker } from './bundleMessages.ts'

/** Loading the FHIR definitions takes a second on an idle machine. */
const LOADING_LIMIT_MS = 120_000

type Answer = Exclude<FromWorker, { type: 'ready' | 'free' | 'failed' }>
type Waiting = { resolve(message: Answer): void; reject(failure: RecordError): void }

/** One Bundle that has the thread to itself. */
type Job = {
  readonly reading: number
  readonly beganMs: number
  allowedMs: number
  readonly msPerMb: number
  waiting: Waiting | undefined
  failure: RecordError | undefined
}

/** A thread that reads one Bundle at a time, and is ended when that takes too long or too much memory. */
export class ReadingThread {
  readonly #worker: Worker
  readonly #onFree: () => void
  readonly #onEnd: (wasReady: boolean) => void
  #isReady = false
  #isEnded = false
  #job: Job | undefined
  #timer: NodeJS.Timeout | undefined
  #lastReading = 0

  /**
   * @param onFree - It has loaded, or put down a Bundle, and can take the next one.
   * @param onEnd - It is gone, for whatever reason; told whether it had loaded before.
   */
  constructor({
    heapMb,
    onFree,
    onEnd,
  }: { readonly heapMb: number; readonly onFree: () => void; readonly onEnd: (wasReady: boolean) => void }) {
    this.#onFree = onFree
    this.#onEnd = onEnd
    this.#worker = new Worker(new URL('./bundleWorker.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: heapMb } })
    this.#worker.on('message', (message: FromWorker) => this.#heard(message))
    this.#worker.on('error', (failure: Error & { code?: string }) =>
      this.#fail(new RecordError(failure.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'record/too-complex' : 'upload/reader-ended')),
    )
    this.#worker.on('exit', () => {
      this.#isEnded = true
      clearTimeout(this.#timer)
      this.#fail(new RecordError('upload/reader-ended'))
      this.#onEnd(this.#isReady)
    })
    this.#setClock(LOADING_LIMIT_MS)
  }

  /** Whether it has loaded and reads no Bundle now. */
  get isFree(): boolean {
    return this.#isReady && !this.#isEnded && this.#job === undefined
  }

  /** Whether it will be free by itself. */
  get isLoading(): boolean {
    return !this.#isReady && !this.#isEnded
  }

  /**
   * Begins a Bundle; the time limit counts from here.
   * @param timeoutMs - Of the smallest Bundle.
   * @param msPerMb - What each megabyte adds.
   */
  open(limits: BundleLimits, { timeoutMs, msPerMb }: { readonly timeoutMs: number; readonly msPerMb: number }): void {
    this.#lastReading += 1
    this.#job = {
      reading: this.#lastReading,
      beganMs: performance.now(),
      allowedMs: timeoutMs,
      msPerMb,
      waiting: undefined,
      failure: undefined,
    }
    this.#worker.ref()
    this.#restartClock(this.#job)
    this.#tell({ reading: this.#lastReading, type: 'open', limits })
  }

  /** @throws {RecordError} What is wrong with the Bundle, `upload/time-limit`, `record/too-complex` or `upload/reader-ended`. */
  ask(message: { readonly type: 'write'; readonly bytes: Uint8Array } | { readonly type: 'end' }): Promise<Answer> {
    const job = this.#job
    if (job?.failure !== undefined) return Promise.reject(job.failure)
    if (this.#isEnded || job === undefined) return Promise.reject(new RecordError('upload/reader-ended'))
    if (message.type === 'write') job.allowedMs += (message.bytes.length / 1_048_576) * job.msPerMb
    this.#restartClock(job)
    return new Promise((resolve, reject) => {
      job.waiting = { resolve, reject }
      this.#tell({ ...message, reading: job.reading })
    })
  }

  /** Ends the Bundle, finished or not. The thread is free as soon as it has put down what it was doing. */
  finish(): void {
    if (this.#job === undefined || this.#isEnded) return
    this.#fail(new RecordError('upload/interrupted'))
    this.#tell({ reading: this.#job.reading, type: 'abandon' })
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }

  #tell(message: ToWorker): void {
    if (!this.#isEnded) this.#worker.postMessage(message)
  }

  #heard(message: FromWorker): void {
    if (message.type === 'ready') {
      this.#isReady = true
      clearTimeout(this.#timer)
      this.#worker.unref()
      this.#onFree()
      return
    }
    const job = this.#job
    if (job === undefined || message.reading !== job.reading) return
    if (message.type === 'failed') {
      this.#fail(new RecordError(isErrorCode(message.code) ? message.code : 'server/internal', message.details))
    } else if (message.type === 'free') {
      clearTimeout(this.#timer)
      this.#job = undefined
      this.#worker.unref()
      this.#onFree()
    } else {
      const { waiting } = job
      job.waiting = undefined
      waiting?.resolve(message)
    }
  }

  #fail(failure: RecordError): void {
    const job = this.#job
    if (job === undefined) return
    job.failure ??= failure
    const { waiting } = job
    job.waiting = undefined
    waiting?.reject(job.failure)
  }

  #restartClock({ beganMs, allowedMs }: Job): void {
    this.#setClock(beganMs + allowedMs - performance.now())
  }

  #setClock(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#fail(new RecordError('upload/time-limit'))
      void this.#worker.terminate()
    }, ms).unref()
  }
}
