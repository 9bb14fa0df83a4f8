import { Readable } from 'node:stream'
import type { AccountAddress } from '@medsync/protocol'
import type { EventHub } from '../events/eventHub.ts'
import { RecordError } from '../gatewayErrors.ts'
import type { BundleContents } from './bundleContents.ts'
import type { BundleReader } from './bundleReader.ts'
import { unpackedBody } from './unpackedBody.ts'

/** How many uploads arrive, wait or are read at the same time, and how many of them may be one account's. */
const AT_ONCE = { all: 32, ofAccount: 16 }
/** Bytes of uploads that have arrived and are not read yet, of all together; one account may have half. The largest upload always fits. */
const HELD_BYTES = 268_435_456
/** A body is ended when nothing arrives for so long, or when it is behind this pace after the first while. */
const PACE = { pauseMs: 20_000, graceMs: 30_000, bytesPerS: 4_096 }
/** Of unpacked JSON: fewer than one element in so many bytes is no record. */
const BYTES_PER_ELEMENT = 11
const BLOCK_BYTES = 65_536
/** Progress is told each time so much more has been read. */
const PROGRESS_BYTES = 262_144

/** One upload as it arrives. */
export type Arriving = {
  readonly body: Readable
  /** Names the upload in `upload.progress` events; undefined tells nobody. */
  readonly upload: string | undefined
  readonly account: AccountAddress
  readonly maxBytes: number
  readonly maxResources: number
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined
}

/** What one account, or all together, have under way. */
type Load = { uploads: number; bytes: number }

/**
 * Takes Bundles off the wire. A body is first received whole, within limits of size and pace, so that a slow one keeps no thread; then it is unpacked, read and checked in
 * a thread of its own. Nothing is kept yet.
 */
export class BundleTaker {
  readonly #reader: BundleReader
  readonly #events: EventHub
  readonly #pace: typeof PACE
  readonly #all: Load = { uploads: 0, bytes: 0 }
  readonly #byAccount = new Map<AccountAddress, Load>()

  constructor({ reader, events, pace = PACE }: { reader: BundleReader; events: EventHub; pace?: typeof PACE }) {
    this.#reader = reader
    this.#events = events
    this.#pace = pace
  }

  /** @throws {RecordError} `upload/busy`, `upload/too-slow`, or what is wrong with the Bundle. */
  async take(arriving: Arriving): Promise<BundleContents> {
    const own = this.#byAccount.get(arriving.account) ?? { uploads: 0, bytes: 0 }
    if (this.#all.uploads >= AT_ONCE.all || own.uploads >= AT_ONCE.ofAccount) throw new RecordError('upload/busy')
    this.#byAccount.set(arriving.account, own)
    const loads = [this.#all, own]
    let held = 0
    const hold = (bytes: number): void => {
      const room = Math.max(HELD_BYTES, 2 * arriving.maxBytes)
      if (this.#all.bytes + bytes > room || own.bytes + bytes > room / 2) throw new RecordError('upload/busy')
      held += bytes
      for (const load of loads) load.bytes += bytes
    }
    for (const load of loads) load.uploads += 1
    try {
      return await this.#read(arriving, await receive(arriving, hold, this.#pace))
    } finally {
      for (const load of loads) {
        load.uploads -= 1
        load.bytes -= held
      }
      if (own.uploads === 0) this.#byAccount.delete(arriving.account)
    }
  }

  async #read(arriving: Arriving, received: Uint8Array[]): Promise<BundleContents> {
    const { maxResources, maxBytes, signal } = arriving
    const maxElements = Math.ceil(maxBytes / BYTES_PER_ELEMENT)
    const reading = this.#reader.open({ maxResources, maxElements }, arriving.account)
    const stop = (): void => reading.abandon()
    signal?.addEventListener('abort', stop, { once: true })
    try {
      if (signal?.aborted === true) throw new RecordError('upload/interrupted')
      let bytes = 0
      let toldBytes = 0
      for await (const chunk of unpackedBody(Readable.from(received), arriving)) {
        const resources = await reading.write(chunk)
        bytes += chunk.length
        if (bytes - toldBytes < PROGRESS_BYTES) continue
        toldBytes = bytes
        this.#tell(arriving, bytes, resources)
      }
      const contents = await reading.end()
      this.#tell(arriving, bytes, contents.summary.resources)
      return contents
    } finally {
      signal?.removeEventListener('abort', stop)
      reading.abandon()
    }
  }

  #tell({ upload, account }: Arriving, bytes: number, resources: number): void {
    if (upload === undefined) return
    this.#events.publish({ audience: { account }, event: { type: 'upload.progress', upload, bytes, resources } })
  }
}

/**
 * The bytes of a body as it is sent, packed or not.
 * @param hold - Told of each piece before it is kept; throws when there is no room.
 * @throws {RecordError} `record/too-large`, `upload/too-slow`, `upload/interrupted`, or what `hold` throws.
 */
async function receive({ body, maxBytes }: Arriving, hold: (bytes: number) => void, pace: typeof PACE): Promise<Uint8Array[]> {
  const pieces = new Pieces()
  const beganMs = performance.now()
  let bytes = 0
  let timer: NodeJS.Timeout | undefined
  const { promise: isTooSlow, reject } = Promise.withResolvers<never>()
  isTooSlow.catch(() => undefined)
  const tooSlow = (): void => reject(new RecordError('upload/too-slow'))
  const chunks: AsyncIterator<Uint8Array> = body.iterator({ destroyOnReturn: false })
  try {
    for (;;) {
      clearTimeout(timer)
      timer = setTimeout(tooSlow, pace.pauseMs)
      const next = await Promise.race([chunks.next(), isTooSlow])
      if (next.done === true) return pieces.all()
      bytes += next.value.length
      if (bytes > maxBytes) throw new RecordError('record/too-large', `over ${maxBytes} bytes`)
      const tookMs = performance.now() - beganMs
      if (tookMs > pace.graceMs && bytes < (pace.bytesPerS * tookMs) / 1_000) throw new RecordError('upload/too-slow')
      hold(next.value.length)
      pieces.add(next.value)
    }
  } catch (failure) {
    throw failure instanceof RecordError ? failure : new RecordError('upload/interrupted')
  } finally {
    clearTimeout(timer)
    // While a read is pending this would wait for it, as long as the sender likes.
    void chunks.return?.()
  }
}

/** Copies what arrives into larger blocks: a network buffer that is kept for one byte of it would keep all of its memory. */
class Pieces {
  readonly #full: Uint8Array[] = []
  #block = Buffer.alloc(0)
  #used = 0

  add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#used === this.#block.length) {
        if (this.#used > 0) this.#full.push(this.#block)
        this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES)
        this.#used = 0
      }
      const copied = bytes.subarray(at, at + this.#block.length - this.#used)
      this.#block.set(copied, this.#used)
      this.#used += copied.length
      at += copied.length
    }
  }

  all(): Uint8Array[] {
    return this.#used === 0 ? this.#full : [...this.#full, this.#block.subarray(0, this.#used)]
  }
}
