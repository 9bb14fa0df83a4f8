import { lockFile } from '@medsync/context/lock'
import { DatabaseError } from '../gatewayErrors.ts'

/**
 * Keeps a folder to this process: two engines on the same files would destroy them. The lock is the operating system's own and ends with
 * the process, so what a killed one left behind blocks nobody. It lies beside the folder, which belongs to the engine alone, and under
 * another name than the file with a process id that older versions left there.
 * @returns Gives the folder free.
 * @throws {DatabaseError} `database/in-use`
 */
export function lockDirectory(directory: string): () => void {
  const unlock = locked(`${directory.replace(/\/+$/, '')}.in-use`)
  if (unlock === undefined) throw new DatabaseError('database/in-use')
  return unlock
}

function locked(path: string): (() => void) | undefined {
  try {
    return lockFile(path)
  } catch (cause) {
    throw new DatabaseError('database/unreachable', 'folder cannot be written', { cause })
  }
}
