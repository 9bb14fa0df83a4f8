import { RecordError } from '../gatewayErrors.ts'
import type { BundleContents, BundleLimits } from './bundleContents.ts'
import { ReadingThread } from './readingThread.ts'

/** Beyond this a thread is ended and its Bundle refused; the gateway goes on. */
const THREAD_HEAP_MB = 1_024
/** A thread holds 200 MB of definitions; it goes when it has had nothing to do for so long. */
const IDLE_MS = 600_000

/** How many threads there are and what may wait for them. */
export type BundleReaderOptions = {
  /** Each reads one Bundle at a time; 2 unless said. */
  readonly threads?: number
  /** Bundles that may wait for a thread; 32 unless said. More are refused. */
  readonly maxWaiting?: number
  /** How long the smallest Bundle may have a thread; 20 s unless said. */
  readonly timeoutMs?: number
  /** What each megabyte adds; 3 s unless said. A record takes 0.2 s a megabyte on an idle machine. */
  readonly msPerMb?: number
  /** Memory of a thread; 1,024 MB unless said. */
  readonly heapMb?: number
}

/** One Bundle on its way through a thread. Write, one after the other; then `end`, or `abandon`. */
export type Reading = {
  /** @returns How many resources have been read. @throws {RecordError} What is wrong with the Bundle, or with reading it. */
  write(bytes: Uint8Array): Promise<number>
  end(): Promise<BundleContents>
  /** Ends it, finished or not; also while it waits for a thread. */
  abandon(): void
}

type Ticket = {
  readonly owner: string
  readonly promise: Promise<ReadingThread>
  resolve(thread: ReadingThread): void
  reject(failure: RecordError): void
}

/**
 * Reads Bundles in threads of their own, which are started when they are needed. A Bundle has its thread to itself, so whatever it does to it, others are not concerned.
 * Those that wait take turns by owner, and while others wait no owner has every thread.
 */
export class BundleReader {
  readonly #options: Required<BundleReaderOptions>
  readonly #threads = new Set<ReadingThread>()
  readonly #waiting: Ticket[] = []
  /** Whose Bundle each busy thread reads. */
  readonly #owners = new Map<ReadingThread, string>()
  /** Owners in the order in which they were last served. */
  readonly #served: string[] = []
  #idle: NodeJS.Timeout | undefined
  #isClosed = false

  constructor({ threads = 2, maxWaiting = 32, timeoutMs = 20_000, msPerMb = 3_000, heapMb = THREAD_HEAP_MB }: BundleReaderOptions = {}) {
    this.#options = { threads, maxWaiting, timeoutMs, msPerMb, heapMb }
  }

  /** Starts a thread ahead of the first Bundle, so that nobody waits for it. */
  warm(): void {
    if (this.#threads.size === 0) this.#start()
  }

  /**
   * @param owner - Those who share the threads fairly; an account.
   * @throws {RecordError} `upload/busy`: too many are waiting.
   */
  open(limits: BundleLimits, owner = ''): Reading {
    if (this.#isClosed) throw new RecordError('upload/reader-ended')
    if (this.#waiting.length >= this.#options.maxWaiting) throw new RecordError('upload/busy')
    const ticket: Ticket = { owner, ...Promise.withResolvers<ReadingThread>() }
    // Whoever abandons it while it waits does not ask for the thread any more.
    ticket.promise.catch(() => undefined)
    this.#waiting.push(ticket)
    let thread: ReadingThread | undefined
    let isOver = false
    const opened = ticket.promise.then((given) => {
      thread = given
      given.open(limits, this.#options)
      return given
    })
    opened.catch(() => undefined)
    this.#serve()
    const finish = (): void => {
      if (isOver) return
      isOver = true
      const place = this.#waiting.indexOf(ticket)
      if (place >= 0) {
        this.#waiting.splice(place, 1)
        ticket.reject(new RecordError('upload/interrupted'))
      } else if (thread !== undefined) {
        thread.finish()
      } else {
        void opened.then(
          (given) => given.finish(),
          () => undefined,
        )
      }
    }
    return {
      write: async (bytes) => {
        const message = await (await opened).ask({ type: 'write', bytes })
        return message.type === 'took' ? message.resources : 0
      },
      end: async () => {
        const message = await (await opened).ask({ type: 'end' })
        finish()
        if (message.type !== 'done') throw new RecordError('server/internal', message.type)
        return message.contents
      },
      abandon: finish,
    }
  }

  /** Ends all threads; what is being read or waits is refused. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#idle)
    for (const ticket of this.#waiting.splice(0)) ticket.reject(new RecordError('upload/reader-ended'))
    await Promise.all([...this.#threads].map((thread) => thread.end()))
  }

  #start(): ReadingThread {
    const thread: ReadingThread = new ReadingThread({
      heapMb: this.#options.heapMb,
      onFree: () => {
        this.#owners.delete(thread)
        this.#serve()
      },
      onEnd: (wasReady) => {
        this.#owners.delete(thread)
        this.#threads.delete(thread)
        // A thread that cannot even load would be started again and again.
        if (!wasReady) this.#waiting.shift()?.reject(new RecordError('upload/reader-ended'))
        this.#serve()
      },
    })
    this.#threads.add(thread)
    return thread
  }

  /** Gives free threads to those who wait. */
  #serve(): void {
    clearTimeout(this.#idle)
    for (const thread of this.#threads) {
      if (!thread.isFree || this.#owners.has(thread)) continue
      const ticket = this.#isClosed ? undefined : this.#next()
      if (ticket === undefined) break
      this.#owners.set(thread, ticket.owner)
      ticket.resolve(thread)
    }
    // Another thread is started while none that loads would serve those who still wait; nobody waits for one thread while another is free.
    const loading = [...this.#threads].filter((thread) => thread.isLoading).length
    if (!this.#isClosed && this.#waiting.length > loading && this.#threads.size < this.#options.threads) this.#start()
    if (this.#owners.size > 0) return
    this.#idle = setTimeout(() => {
      for (const thread of this.#threads) void thread.end()
    }, IDLE_MS).unref()
  }

  /** The first of those whose owner reads least, and was served longest ago. The last free thread is left for others to an owner who has one already. */
  #next(): Ticket | undefined {
    const isLast = this.#owners.size >= this.#options.threads - 1
    const reads = (owner: string): number => [...this.#owners.values()].filter((other) => other === owner).length
    const waiting = this.#waiting.filter(({ owner }) => !(isLast && this.#options.threads > 1 && owner !== '' && reads(owner) > 0))
    const [ticket] = waiting
      .map((ticket) => ({ ticket, reads: reads(ticket.owner), served: this.#served.indexOf(ticket.owner) }))
      .sort((one, other) => one.reads - other.reads || one.served - other.served)
      .map(({ ticket: first }) => first)
    if (ticket === undefined) return undefined
    this.#waiting.splice(this.#waiting.indexOf(ticket), 1)
    const place = this.#served.indexOf(ticket.owner)
    if (place >= 0) this.#served.splice(place, 1)
    this.#served.push(ticket.owner)
    if (this.#served.length > 1_000) this.#served.shift()
    return ticket
  }
}
