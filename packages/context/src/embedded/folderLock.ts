import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StorageError } from '../engine/engineErrors.ts'

const FILE = 'lock'
const FOLDER_MODE = 0o700
const FILE_MODE = 0o600

/**
 * Keeps a folder to one engine, in this process or any other. The lock is the operating system's own (SQLite holds it on an empty
 * file), so it ends with the process, however that ends; no stale lock has to be recognised.
 * @returns Gives the folder free.
 * @throws {StorageError} `in-use`
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE })
  const path = join(folder, FILE)
  const file = new DatabaseSync(path, { timeout: 0 })
  try {
    chmodSync(path, FILE_MODE)
    file.exec('PRAGMA journal_mode = OFF; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (cause) {
    file.close()
    throw isBusy(cause) ? new StorageError('in-use') : new StorageError('failed', 'lock', { cause })
  }
  return () => file.close()
}

function isBusy(cause: unknown): boolean {
  return cause instanceof Error && /database is locked/.test(cause.message)
}
