import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { StorageError } from '../engine/engineErrors.ts'
import { lockFile } from '../lock/lockFile.ts'

const FILE = 'lock'
const FOLDER_MODE = 0o700

/**
 * Keeps a folder to one engine, in this process or any other; see `lockFile`.
 * @returns Gives the folder free.
 * @throws {StorageError} `in-use`
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE })
  const unlock = locked(join(folder, FILE))
  if (unlock === undefined) throw new StorageError('in-use')
  return unlock
}

function locked(path: string): (() => void) | undefined {
  try {
    return lockFile(path)
  } catch (cause) {
    throw new StorageError('failed', 'lock', { cause })
  }
}
