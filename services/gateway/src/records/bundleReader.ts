import { Worker } from 'node:worker_threads'
import { isErrorCode } from '@medsync/protocol'
import { RecordError } from '../gatewayErrors.ts'
import type { BundleContents, BundleLimits } from './bundleContents.ts'
import type { FromWorker, ToWorker } from './bundleMessages.ts'

/** Beyond this the thread is ended and its uploads fail; the gateway goes on. */
const WORKER_HEAP_MB = 1_024
/** The thread holds 200 MB of definitions; it goes when it has had nothing to do for so long. */
const IDLE_MS = 600_000

type Waiting = { resolve(message: FromWorker): void; reject(failure: RecordError): void }

/** One Bundle on its way through the reading thread. Write, one after the other; then `end`, or `abandon`. */
export type Reading = {
  /** @returns How many resources have been read. @throws {RecordError} What is wrong with the Bundle. */
  write(bytes: Uint8Array): Promise<number>
  end(): Promise<BundleContents>
  abandon(): void
}

/** Reads Bundles in a thread of its own, which is started when it is needed. */
export class BundleReader {
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #idle: NodeJS.Timeout | undefined
  #lastReading = 0
  #open = 0

  /** Starts the thread ahead of the first Bundle, so that nobody waits for it. */
  warm(): void {
    this.#worker ??= this.#start()
  }

  open(limits: BundleLimits): Reading {
    this.warm()
    this.#worker?.ref()
    clearTimeout(this.#idle)
    this.#open += 1
    this.#lastReading += 1
    const reading = this.#lastReading
    this.#tell({ reading, type: 'open', limits })
    let isOver = false
    const finish = (): void => {
      if (isOver) return
      isOver = true
      this.#tell({ reading, type: 'abandon' })
      this.#release()
    }
    return {
      write: async (bytes) => {
        const message = await this.#ask({ reading, type: 'write', bytes })
        return message.type === 'took' ? message.resources : 0
      },
      end: async () => {
        const message = await this.#ask({ reading, type: 'end' })
        finish()
        if (message.type !== 'done') throw new RecordError('server/internal', message.type)
        return message.contents
      },
      abandon: finish,
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle)
    await this.#worker?.terminate()
  }

  #release(): void {
    this.#open -= 1
    if (this.#open > 0) return
    this.#worker?.unref()
    this.#idle = setTimeout(() => void this.#worker?.terminate(), IDLE_MS).unref()
  }

  #tell(message: ToWorker): void {
    this.#worker?.postMessage(message)
  }

  #ask(message: ToWorker): Promise<FromWorker> {
    if (this.#worker === undefined) return Promise.reject(new RecordError('server/internal', 'reading thread ended'))
    return new Promise((resolve, reject) => {
      this.#waiting.set(message.reading, { resolve, reject })
      this.#tell(message)
    })
  }

  #start(): Worker {
    const worker = new Worker(new URL('./bundleWorker.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB } })
    let outOfMemory = false
    worker.on('message', (message: FromWorker) => this.#heard(message))
    worker.on('error', (failure: Error & { code?: string }) => {
      outOfMemory = failure.code === 'ERR_WORKER_OUT_OF_MEMORY'
    })
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined
      for (const { reject } of this.#waiting.values()) {
        reject(outOfMemory ? new RecordError('record/too-large') : new RecordError('server/internal', 'reading thread ended'))
      }
      this.#waiting.clear()
    })
    worker.unref()
    return worker
  }

  #heard(message: FromWorker): void {
    const waiting = this.#waiting.get(message.reading)
    this.#waiting.delete(message.reading)
    if (message.type !== 'failed') waiting?.resolve(message)
    else waiting?.reject(new RecordError(isErrorCode(message.code) ? message.code : 'server/internal', message.details))
  }
}
