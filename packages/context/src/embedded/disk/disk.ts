import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

/** Only the user who runs the engine reads its files. */
const FILE_MODE = 0o600
const FOLDER_MODE = 0o700

/** A file that grows at its end. */
export type GrowingFile = {
  readonly sizeBytes: number
  /** Writes all of it, or fails with some of it written. */
  append(bytes: Uint8Array): void
  /** Cuts the file to a size. */
  cut(sizeBytes: number): void
  /** Returns when what was written would outlive a loss of power. */
  sync(): void
  close(): void
}

/** The few things the engine wants of a file system; a test puts its own faults in between. */
export class Disk {
  readonly #limitBytes: number
  #usedBytes: number

  /**
   * @param limitBytes - The files may take so much together; past it the disk behaves as a full one does.
   * @param usedBytes - What they take already.
   */
  constructor(limitBytes: number = Number.POSITIVE_INFINITY, usedBytes = 0) {
    this.#limitBytes = limitBytes
    this.#usedBytes = usedBytes
  }

  /** Makes a folder where there is none, and those above it. */
  makeFolder(path: string): void {
    mkdirSync(path, { recursive: true, mode: FOLDER_MODE })
  }

  /** Names in a folder. */
  list(path: string): string[] {
    return readdirSync(path)
  }

  /** A whole file; undefined when there is none. */
  read(path: string): Buffer | undefined {
    try {
      return readFileSync(path)
    } catch (failure) {
      if (failure instanceof Error && 'code' in failure && failure.code === 'ENOENT') return undefined
      throw failure
    }
  }

  /** Opens a file to go on at its end; makes it where there is none. */
  open(path: string): GrowingFile {
    const descriptor = openSync(path, 'a+', FILE_MODE)
    const disk = this
    let sizeBytes = statSync(path).size
    return {
      get sizeBytes() {
        return sizeBytes
      },
      append(bytes) {
        const roomBytes = disk.#limitBytes - disk.#usedBytes
        const fits = bytes.length <= roomBytes ? bytes : bytes.subarray(0, Math.max(0, roomBytes))
        for (let done = 0; done < fits.length; ) {
          const written = writeSync(descriptor, fits, done)
          done += written
          sizeBytes += written
          disk.#usedBytes += written
        }
        if (fits.length < bytes.length) throw Object.assign(new Error('the limit of the folder is reached'), { code: 'ENOSPC' })
      },
      cut(toBytes) {
        ftruncateSync(descriptor, toBytes)
        disk.#usedBytes += toBytes - sizeBytes
        sizeBytes = toBytes
      },
      sync() {
        fdatasyncSync(descriptor)
      },
      close() {
        closeSync(descriptor)
      },
    }
  }

  /** Removes a file; fine when there is none. */
  remove(path: string): void {
    this.#usedBytes -= statSync(path, { throwIfNoEntry: false })?.size ?? 0
    rmSync(path, { force: true })
  }

  /** Gives a file its name in one step, in place of what had it. */
  rename(from: string, to: string): void {
    renameSync(from, to)
  }

  /** Makes new names in a folder outlive a loss of power. */
  syncFolder(path: string): void {
    const descriptor = openSync(path, 'r')
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  }

  /** Writes a whole file so that there is either all of it under its name, or nothing of it. */
  writeWhole(folder: string, name: string, parts: Iterable<Uint8Array>): number {
    const unfinished = join(folder, `${name}.new`)
    this.remove(unfinished)
    const file = this.open(unfinished)
    let isWhole = false
    try {
      for (const part of parts) file.append(part)
      file.sync()
      isWhole = true
    } finally {
      file.close()
      if (!isWhole) this.remove(unfinished)
    }
    this.rename(unfinished, join(folder, name))
    this.syncFolder(folder)
    return file.sizeBytes
  }
}
