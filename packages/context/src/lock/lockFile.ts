import { chmodSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

const FILE_MODE = 0o600

/**
 * Takes an exclusive lock on a file, which is created empty when it is missing. The lock is the operating system's own (SQLite holds
 * it on the empty file), so it ends with the process, however that ends; no stale lock has to be recognised, and process ids, which
 * repeat in containers, do not matter. The file stays when the lock ends: deleting it would let two holders lock two files.
 * @param path - Of a file that nothing else reads or writes: closing it elsewhere in this process would end the lock.
 * @param timeoutMs - How long to wait for a holder, milliseconds.
 * @returns Ends the lock; undefined when this or another process holds it.
 * @throws {Error} The file cannot be created or opened.
 */
export function lockFile(path: string, timeoutMs = 0): (() => void) | undefined {
  const file = new DatabaseSync(path, { timeout: timeoutMs })
  try {
    chmodSync(path, FILE_MODE)
    file.exec('PRAGMA journal_mode = OFF; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (cause) {
    file.close()
    if (isBusy(cause)) return undefined
    throw cause
  }
  let isHeld = true
  return () => {
    if (isHeld) file.close()
    isHeld = false
  }
}

function isBusy(cause: unknown): boolean {
  return cause instanceof Error && /database is locked/.test(cause.message)
}
