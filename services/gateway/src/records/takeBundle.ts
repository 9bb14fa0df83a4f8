import type { Readable } from 'node:stream'
import type { AccountAddress } from '@medsync/protocol'
import type { EventHub } from '../events/eventHub.ts'
import { RecordError } from '../gatewayErrors.ts'
import type { BundleContents } from './bundleContents.ts'
import type { BundleReader } from './bundleReader.ts'
import { unpackedBody } from './unpackedBody.ts'

/** How many Bundles are read at the same time; bounds the memory that uploads can take. */
const AT_ONCE = 4
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
}

/** Takes Bundles off the wire: unpacks, limits, reads and checks them as they stream in. Nothing is kept yet. */
export class BundleTaker {
  readonly #reader: BundleReader
  readonly #events: EventHub
  #busy = 0

  constructor({ reader, events }: { reader: BundleReader; events: EventHub }) {
    this.#reader = reader
    this.#events = events
  }

  /** @throws {RecordError} `upload/busy`, or what is wrong with the Bundle. */
  async take(arriving: Arriving): Promise<BundleContents> {
    if (this.#busy >= AT_ONCE) throw new RecordError('upload/busy')
    this.#busy += 1
    try {
      return await this.#read(arriving)
    } finally {
      this.#busy -= 1
    }
  }

  async #read(arriving: Arriving): Promise<BundleContents> {
    const reading = this.#reader.open({ maxResources: arriving.maxResources })
    try {
      let bytes = 0
      let toldBytes = 0
      for await (const chunk of unpackedBody(arriving.body, arriving)) {
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
      reading.abandon()
    }
  }

  #tell({ upload, account }: Arriving, bytes: number, resources: number): void {
    if (upload === undefined) return
    this.#events.publish({ audience: { account }, event: { type: 'upload.progress', upload, bytes, resources } })
  }
}
