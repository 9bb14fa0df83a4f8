import { Disk, type GrowingFile } from '../disk/disk.ts'

/** What a process that is killed never hears of. */
export class Killed extends Error {
  override readonly name = 'Killed'
}

/** What goes wrong at one step of the disk. */
export type Fault = {
  /** Which step, from 1. */
  readonly step: number
  /**
   * - kill: the process ends there, an append half done; nothing happens any more.
   * - full: an append writes half and finds no room.
   * - broken: the step fails as a broken disk does.
   */
  readonly is: 'kill' | 'full' | 'broken'
}

/** A disk for tests: real files, and a fault at a chosen step. It does not wait for the disk itself: a kill takes nothing from the kernel. */
export class CrashingDisk extends Disk {
  readonly #fault: Fault | undefined
  #steps = 0
  #isDead = false

  constructor(fault?: Fault) {
    super()
    this.#fault = fault
  }

  /** Steps so far. */
  get steps(): number {
    return this.#steps
  }

  override open(path: string): GrowingFile {
    this.#step()
    const file = super.open(path)
    const step = (half?: () => void) => this.#step(half)
    return {
      get sizeBytes() {
        return file.sizeBytes
      },
      append(bytes) {
        step(() => file.append(bytes.subarray(0, bytes.length >> 1)))
        file.append(bytes)
      },
      cut(sizeBytes) {
        step()
        file.cut(sizeBytes)
      },
      sync() {
        step()
      },
      close() {
        file.close()
      },
    }
  }

  override remove(path: string): void {
    this.#step()
    super.remove(path)
  }

  override rename(from: string, to: string): void {
    this.#step()
    super.rename(from, to)
  }

  override syncFolder(): void {
    this.#step()
  }

  #step(half?: () => void): void {
    if (this.#isDead) throw new Killed()
    this.#steps += 1
    if (this.#fault?.step !== this.#steps) return
    if (this.#fault.is === 'kill') this.#isDead = true
    if (this.#fault.is !== 'broken') half?.()
    if (this.#fault.is === 'kill') throw new Killed()
    if (this.#fault.is === 'broken') throw Object.assign(new Error('broken disk'), { code: 'EIO' })
    if (half !== undefined) throw Object.assign(new Error('full disk'), { code: 'ENOSPC' })
  }
}
