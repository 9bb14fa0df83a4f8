import { basename, join } from 'node:path'
import type { Disk, GrowingFile } from '../disk/disk.ts'
import { encodeFrame, HEADER_BYTES, newHeader, readFrames } from '../disk/frames.ts'
import type { StoreRecord } from '../disk/record.ts'
import { decodeSnapshot, encodeSnapshot, type SnapshotHead } from '../disk/snapshot.ts'
import { storage, storageFailure } from '../disk/storageFailure.ts'
import { Keyspace } from './keyspace.ts'

/** A journal shorter than this is never worth a snapshot. */
const LEAST_JOURNAL_BYTES = 32 * 1_048_576

/** How a store is opened. */
export type OpenStore = {
  readonly folder: string
  readonly disk: Disk
  /** Nothing was ever confirmed here, so missing files are no loss. */
  readonly isNew: boolean
  /** Number of the last call that counts: a later record belongs to a call that never got to its end. */
  readonly upTo?: number
  /** Told each record that counts, in order. */
  readonly onRecord?: (record: StoreRecord) => void
  /** A shorter journal is not replaced by a snapshot; 32 MiB unless said. */
  readonly leastJournalBytes?: number
}

/**
 * One store on disk: a snapshot of all values and a journal of what changed since, one record a call. When a record is appended, it is
 * on the disk (fdatasync) before `append` returns. Opening brings back exactly what was appended, however the process ended.
 *
 * Files, in generations: `snapshot-2`, `journal-2`, ...; the first generation has a journal only. A snapshot that has its name is whole.
 */
export class DurableStore {
  readonly keyspace = new Keyspace()
  readonly #folder: string
  readonly #disk: Disk
  #generation = 1
  #journal: GrowingFile
  #header: Buffer
  #snapshotBytes = 0
  readonly #leastJournalBytes: number
  #compactAtBytes: number
  #isBroken = false
  /** What the snapshot said of itself; undefined in the first generation. */
  readonly head: SnapshotHead | undefined
  /** Number of the last record that counted. */
  #sequence = 0

  /** @throws {CallFailure} `damaged`: the files are not what this class leaves behind. They are not touched then. */
  constructor({ folder, disk, isNew, upTo = Number.MAX_SAFE_INTEGER, onRecord, leastJournalBytes = LEAST_JOURNAL_BYTES }: OpenStore) {
    this.#leastJournalBytes = leastJournalBytes
    this.#compactAtBytes = leastJournalBytes
    this.#folder = folder
    this.#disk = disk
    disk.makeFolder(folder)
    const names = disk.list(folder)
    this.#generation = Math.max(1, ...names.map((name) => Number(/^snapshot-(\d+)$/.exec(name)?.[1] ?? 1)))
    this.head = this.#readSnapshot()
    this.#sequence = this.head?.sequence ?? 0
    const path = this.#path('journal')
    const bytes = disk.read(path)
    if (bytes === undefined && !isNew) throw storage('damaged', `${basename(folder)}: no journal`)
    const contents = readFrames(bytes ?? Buffer.alloc(0))
    const isHeadless = (bytes?.length ?? 0) < HEADER_BYTES
    if (contents.state === 'damaged' || (isHeadless && !isNew)) throw storage('damaged', `${basename(folder)}: journal`)
    let goodBytes = HEADER_BYTES
    for (const { record, endBytes } of contents.frames) {
      if (record.sequence > upTo) break
      if (record.sequence <= this.#sequence) throw storage('damaged', `${basename(folder)}: order of the journal`)
      for (const change of record.changes) this.keyspace.apply(change)
      onRecord?.(record)
      this.#sequence = record.sequence
      goodBytes = endBytes
    }
    this.#header = isHeadless ? newHeader() : contents.header
    this.#journal = disk.open(path)
    this.#start(isHeadless, goodBytes, names)
  }

  /** Whether nobody knows if the last record is on the disk; then nothing more is written, until the files are read again. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  /** Number of the last record. */
  get sequence(): number {
    return this.#sequence
  }

  /** Whether the journal has grown enough to be replaced by a snapshot. */
  get isLong(): boolean {
    return this.#journal.sizeBytes > Math.max(this.#compactAtBytes, this.#snapshotBytes)
  }

  /**
   * Keeps a record; the changes in it are in the keyspace already.
   * @returns What takes it back, while no other was appended.
   * @throws {CallFailure} `full` or `failed`; then nothing of it is left, unless the store `isBroken`.
   */
  append(record: StoreRecord): () => void {
    if (this.#isBroken) throw storage('failed', `${basename(this.#folder)}: an earlier failure`)
    const before = { sizeBytes: this.#journal.sizeBytes, sequence: this.#sequence }
    const takeBack = () => {
      this.#guarded(() => {
        this.#journal.cut(before.sizeBytes)
        this.#journal.sync()
      })
      this.#sequence = before.sequence
    }
    try {
      this.#journal.append(encodeFrame(this.#header, record))
    } catch (cause) {
      takeBack()
      throw storageFailure(cause)
    }
    this.#guarded(() => this.#journal.sync())
    this.#sequence = record.sequence
    return takeBack
  }

  /**
   * Writes all values down and begins a new journal. Whenever it stops, either the old files count or the new ones.
   * @throws {CallFailure} The old ones do.
   */
  compact(head: SnapshotHead): void {
    const old = { journal: this.#path('journal'), snapshot: this.#path('snapshot'), file: this.#journal }
    const next = this.#generation + 1
    const path = join(this.#folder, `journal-${next}`)
    const header = newHeader()
    let file: GrowingFile | undefined
    try {
      this.#disk.remove(path)
      file = this.#disk.open(path)
      file.append(header)
      file.sync()
      this.#snapshotBytes = this.#disk.writeWhole(this.#folder, `snapshot-${next}`, encodeSnapshot(head, this.keyspace))
    } catch (cause) {
      this.#compactAtBytes = this.#journal.sizeBytes * 2
      file?.close()
      this.#guarded(() => this.#removeUnfinished(next))
      throw storageFailure(cause)
    }
    this.#generation = next
    this.#journal = file
    this.#header = header
    this.#compactAtBytes = this.#leastJournalBytes
    old.file.close()
    this.#disk.remove(old.journal)
    this.#disk.remove(old.snapshot)
  }

  close(): void {
    this.#journal.close()
  }

  /** The snapshot first: with it the new files would count. When it cannot be removed for sure, the old ones must not be written to. */
  #removeUnfinished(generation: number): void {
    this.#disk.remove(join(this.#folder, `snapshot-${generation}`))
    this.#disk.syncFolder(this.#folder)
    this.#disk.remove(join(this.#folder, `journal-${generation}`))
  }

  #path(kind: 'journal' | 'snapshot'): string {
    return join(this.#folder, `${kind}-${this.#generation}`)
  }

  #readSnapshot(): SnapshotHead | undefined {
    if (this.#generation === 1) return undefined
    const bytes = this.#disk.read(this.#path('snapshot'))
    const snapshot = bytes === undefined ? undefined : decodeSnapshot(bytes)
    if (bytes === undefined || snapshot === undefined) throw storage('damaged', `${basename(this.#folder)}: snapshot`)
    for (const change of snapshot.changes) this.keyspace.apply(change)
    this.#snapshotBytes = bytes.length
    return snapshot
  }

  /** Cuts what does not count, and removes what an unfinished compaction left. */
  #start(isHeadless: boolean, goodBytes: number, names: readonly string[]): void {
    try {
      if (isHeadless) {
        this.#journal.cut(0)
        this.#journal.append(this.#header)
      } else if (goodBytes < this.#journal.sizeBytes) this.#journal.cut(goodBytes)
      this.#journal.sync()
      const kept = new Set([basename(this.#path('journal')), basename(this.#path('snapshot'))])
      for (const name of names) {
        if (/^(snapshot|journal)-\d+(\.new)?$/.test(name) && !kept.has(name)) this.#disk.remove(join(this.#folder, name))
      }
      this.#disk.syncFolder(this.#folder)
    } catch (cause) {
      this.#journal.close()
      throw storageFailure(cause)
    }
  }

  /** After a failure here nobody knows what the disk holds: nothing more is written until the files were read again. */
  #guarded(write: () => void): void {
    try {
      write()
    } catch (cause) {
      this.#isBroken = true
      const { failure } = storageFailure(cause)
      throw storage('failed', failure.is === 'storage' ? failure.details : '')
    }
  }
}
