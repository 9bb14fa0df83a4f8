import { basename, join } from 'node:path'
import type { Disk, GrowingFile } from '../disk/disk.ts'
import {
  encodeFrame,
  type JournalContents,
  type KeyOfSalt,
  MOST_HEADER_BYTES,
  newJournal,
  type OpenJournal,
  readFrames,
} from '../disk/frames.ts'
import type { StoreRecord } from '../disk/record.ts'
import { decodeSnapshot, encodeSnapshot, isSealedSnapshot, type SnapshotHead } from '../disk/snapshot.ts'
import { storage, storageFailure } from '../disk/storageFailure.ts'
import type { FileKeys } from '../disk/storeKey.ts'
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
  /** With them all files that are written are sealed. */
  readonly keys?: FileKeys | undefined
  /** Whether plain files may be read although there are keys; the next `compact` seals them. */
  readonly mayBePlain?: boolean
}

type Kind = 'journal' | 'snapshot'

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
  #open: OpenJournal
  readonly #keys: FileKeys | undefined
  #snapshotBytes = 0
  #isSnapshotPlain = false
  readonly #leastJournalBytes: number
  #compactAtBytes: number
  #isBroken = false
  /** What the snapshot said of itself; undefined in the first generation. */
  readonly head: SnapshotHead | undefined
  /** Number of the last record that counted. */
  #sequence = 0

  /** @throws {CallFailure} `damaged`: the files are not what this class leaves behind. They are not touched then. */
  constructor(options: OpenStore) {
    const { folder, disk, isNew, upTo = Number.MAX_SAFE_INTEGER, onRecord, leastJournalBytes = LEAST_JOURNAL_BYTES } = options
    const isPlainWrong = options.keys !== undefined && options.mayBePlain !== true
    this.#leastJournalBytes = leastJournalBytes
    this.#compactAtBytes = leastJournalBytes
    this.#folder = folder
    this.#disk = disk
    this.#keys = options.keys
    disk.makeFolder(folder)
    const names = disk.list(folder)
    this.#generation = Math.max(1, ...names.map((name) => Number(/^snapshot-(\d+)$/.exec(name)?.[1] ?? 1)))
    this.head = this.#readSnapshot(isPlainWrong)
    this.#sequence = this.head?.sequence ?? 0
    const path = this.#path('journal')
    const bytes = disk.read(path)
    if (bytes === undefined && !isNew) throw storage('damaged', `${basename(folder)}: no journal`)
    const { journal, frames, state } = readFrames(bytes ?? Buffer.alloc(0), this.#keyOf('journal', this.#generation))
    // Of a store where nothing was confirmed a head may be left that another start wrote, for a context that never came to be.
    const isUnused = isNew && (bytes?.length ?? 0) <= MOST_HEADER_BYTES && state !== 'damaged'
    if (!isUnused) this.#refuse(journal, state, isPlainWrong)
    let goodBytes = journal?.header.length ?? 0
    let link = journal?.header
    for (const { record, endBytes, link: next } of frames) {
      if (record.sequence > upTo) break
      if (record.sequence <= this.#sequence) throw storage('damaged', `${basename(folder)}: order of the journal`)
      for (const change of record.changes) this.keyspace.apply(change)
      onRecord?.(record)
      this.#sequence = record.sequence
      goodBytes = endBytes
      link = next
    }
    const isRemade = isUnused || journal === undefined
    this.#open = isRemade ? this.#newJournal(this.#generation) : journal
    if (!isRemade && journal.chain !== undefined && link !== undefined) journal.chain.link = link
    this.#journal = disk.open(path)
    this.#start(isRemade, goodBytes, names)
  }

  /** Whether what is appended is sealed, and so was all that came before. */
  get isSealed(): boolean {
    return this.#open.chain !== undefined && !this.#isSnapshotPlain
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
    const { chain } = this.#open
    const before = { sizeBytes: this.#journal.sizeBytes, sequence: this.#sequence, link: chain?.link }
    const takeBack = () => {
      this.#guarded(() => {
        this.#journal.cut(before.sizeBytes)
        this.#journal.sync()
      })
      this.#sequence = before.sequence
      if (chain !== undefined && before.link !== undefined) chain.link = before.link
    }
    try {
      this.#journal.append(encodeFrame(this.#open, record))
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
    const open = this.#newJournal(next)
    let file: GrowingFile | undefined
    try {
      this.#disk.remove(path)
      file = this.#disk.open(path)
      file.append(open.header)
      file.sync()
      const snapshot = encodeSnapshot(head, this.keyspace, this.#keyOf('snapshot', next))
      this.#snapshotBytes = this.#disk.writeWhole(this.#folder, `snapshot-${next}`, snapshot)
    } catch (cause) {
      this.#compactAtBytes = this.#journal.sizeBytes * 2
      file?.close()
      this.#guarded(() => this.#removeUnfinished(next))
      throw storageFailure(cause)
    }
    this.#generation = next
    this.#journal = file
    this.#open = open
    this.#isSnapshotPlain = this.#keys === undefined
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

  #path(kind: Kind): string {
    return join(this.#folder, `${kind}-${this.#generation}`)
  }

  #keyOf(kind: Kind, generation: number): KeyOfSalt | undefined {
    const keys = this.#keys
    return keys === undefined ? undefined : (salt) => keys.keyOf(`${kind}-${generation}`, salt)
  }

  #newJournal(generation: number): OpenJournal {
    return newJournal(this.#keyOf('journal', generation))
  }

  #refuse(journal: OpenJournal | undefined, state: JournalContents['state'], isPlainWrong: boolean): void {
    const name = basename(this.#folder)
    if (state === 'locked') throw storage('damaged', `${name}: the journal does not open with the store key`)
    if (state === 'damaged' || journal === undefined) throw storage('damaged', `${name}: journal`)
    if (isPlainWrong && journal.chain === undefined) throw storage('damaged', `${name}: a journal without the store key`)
  }

  #readSnapshot(isPlainWrong: boolean): SnapshotHead | undefined {
    if (this.#generation === 1) return undefined
    const name = basename(this.#folder)
    const bytes = this.#disk.read(this.#path('snapshot'))
    const snapshot = bytes === undefined ? undefined : decodeSnapshot(bytes, this.#keyOf('snapshot', this.#generation))
    const isSealed = bytes !== undefined && isSealedSnapshot(bytes)
    if (snapshot === undefined && isSealed) throw storage('damaged', `${name}: the snapshot does not open with the store key`)
    if (bytes === undefined || snapshot === undefined) throw storage('damaged', `${name}: snapshot`)
    if (isPlainWrong && !isSealed) throw storage('damaged', `${name}: a snapshot without the store key`)
    for (const change of snapshot.changes) this.keyspace.apply(change)
    this.#snapshotBytes = bytes.length
    this.#isSnapshotPlain = !isSealed
    return snapshot
  }

  /** Cuts what does not count, and removes what an unfinished compaction left. */
  #start(isRemade: boolean, goodBytes: number, names: readonly string[]): void {
    try {
      if (isRemade) {
        this.#journal.cut(0)
        this.#journal.append(this.#open.header)
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
