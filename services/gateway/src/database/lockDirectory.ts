import { open, readFile, unlink } from 'node:fs/promises'
import { DatabaseError } from '../gatewayErrors.ts'

/**
 * Keeps a folder to this process: two engines on the same files would destroy them. A lock whose process is gone is taken over.
 * @returns What gives the folder free.
 * @throws {DatabaseError} `database/in-use`
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = `${directory.replace(/\/+$/, '')}.lock`
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (await writeLock(path)) return () => unlink(path)
    const owner = Number(await readFile(path, 'utf8').catch(() => '0'))
    if (owner > 0 && isRunning(owner)) throw new DatabaseError('database/in-use', `process ${owner}`)
    await unlink(path).catch(ignoreGone)
  }
  throw new DatabaseError('database/in-use')
}

async function writeLock(path: string): Promise<boolean> {
  const file = await open(path, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST') return undefined
    throw new DatabaseError('database/unreachable', 'folder cannot be written', { cause })
  })
  await file?.writeFile(String(process.pid))
  await file?.close()
  return file !== undefined
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (failure) {
    return failure instanceof Error && 'code' in failure && failure.code === 'EPERM'
  }
}

function ignoreGone(failure: NodeJS.ErrnoException): void {
  if (failure.code !== 'ENOENT') throw failure
}
