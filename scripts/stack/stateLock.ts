import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { lockFile } from '@medsync/context/lock'
import * as z from 'zod'
import { ChoreError } from '../choreError.ts'
import { parseJson } from '../parseJson.ts'

const lockSchema = z.object({ pid: z.number().int().positive(), address: z.string() })
/** How long to wait for somebody who only looks whether the folder is held. */
const LOOK_MS = 500

/** Who uses a state folder. */
export type LockHolder = z.output<typeof lockSchema>

/**
 * Takes the state folder for this process. The lock is the operating system's own, beside the file that says who holds it, so what a
 * killed process left blocks nobody, whichever process has its number now.
 * @returns Gives the folder back; safe to call twice.
 * @throws {ChoreError} `start/running` with the address of the one that runs.
 */
export function takeLock(path: string, address: string): () => void {
  mkdirSync(dirname(path), { recursive: true })
  const unlock = lockFile(heldPath(path), LOOK_MS)
  if (unlock === undefined) {
    const holder = holderIn(path)
    throw new ChoreError(
      'start/running',
      `MedSync runs already at ${holder.address} (process ${holder.pid}).`,
      `Use that one, or stop it first: Ctrl-C in its window, or \`kill ${holder.pid}\`.`,
    )
  }
  writeFileSync(path, JSON.stringify({ pid: process.pid, address } satisfies LockHolder), { mode: 0o600 })
  let isHeld = true
  process.once('exit', giveBack)
  return giveBack

  function giveBack(): void {
    if (!isHeld) return
    isHeld = false
    process.off('exit', giveBack)
    rmSync(path, { force: true })
    unlock?.()
  }
}

/** The living process that holds the folder; undefined when none does. */
export function lockHolder(path: string): LockHolder | undefined {
  if (!existsSync(heldPath(path))) return undefined
  const unlock = lockFile(heldPath(path))
  if (unlock === undefined) return holderIn(path)
  unlock()
  return undefined
}

function heldPath(path: string): string {
  return `${path}.in-use`
}

/** Who wrote that they hold it. In the moment between taking the lock and writing this, the name is not known yet. */
function holderIn(path: string): LockHolder {
  const parsed = lockSchema.safeParse(existsSync(path) ? parseJson(readFileSync(path, 'utf8')) : undefined)
  return parsed.success ? parsed.data : { pid: 0, address: 'an address that is not known yet' }
}
