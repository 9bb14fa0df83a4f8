import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod'
import { ChoreError } from '../choreError.ts'
import { parseJson } from '../parseJson.ts'

const lockSchema = z.object({ pid: z.number().int().positive(), address: z.string() })

/** Who uses a state folder. */
export type LockHolder = z.output<typeof lockSchema>

/**
 * Takes the state folder for this process. What a killed process left is taken over.
 * @returns Gives the folder back; safe to call twice.
 * @throws {ChoreError} `start/running` with the address of the one that runs.
 */
export function takeLock(path: string, address: string): () => void {
  mkdirSync(dirname(path), { recursive: true })
  const holder = lockHolder(path)
  if (holder !== undefined) {
    throw new ChoreError(
      'start/running',
      `MedSync runs already at ${holder.address} (process ${holder.pid}).`,
      `Use that one, or stop it first: Ctrl-C in its window, or \`kill ${holder.pid}\`.`,
    )
  }
  rmSync(path, { force: true })
  const file = openSync(path, 'wx', 0o600)
  writeSync(file, JSON.stringify({ pid: process.pid, address } satisfies LockHolder))
  closeSync(file)
  process.once('exit', giveBack)
  return giveBack

  function giveBack(): void {
    process.off('exit', giveBack)
    if (lockHolder(path)?.pid === process.pid) rmSync(path, { force: true })
  }
}

/** The living process that holds the folder; undefined when none does. */
export function lockHolder(path: string): LockHolder | undefined {
  if (!existsSync(path)) return undefined
  const parsed = lockSchema.safeParse(parseJson(readFileSync(path, 'utf8')))
  return parsed.success && isOurs(parsed.data.pid) ? parsed.data : undefined
}

/** Whether this process lives and is a chore of MedSync: after a restart of the machine, another program may have the number. */
function isOurs(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  const commandLine = `/proc/${pid}/cmdline`
  return !existsSync(commandLine) || pid === process.pid || /scripts[\\/][a-z-]+\.ts/.test(readFileSync(commandLine, 'utf8'))
}
