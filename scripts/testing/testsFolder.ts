import { accessSync, constants, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'

/** Linux's disk in memory. */
const IN_MEMORY = '/dev/shm'
const PREFIX = 'medsync-tests-'
/** What must be free there; a run of tests uses less than a fifth of it at any time. */
const ROOM_BYTES = 4 * 2 ** 30

/** A folder that everything goes to that one run of tests makes. */
export type TestsFolder = { readonly path: string; remove(): Promise<void> }

/**
 * Makes one: in memory where there is room, else where temporary files go. The engine and the databases wait for the disk with every
 * answer, milliseconds each, and no test is about what a loss of power leaves.
 * @param options.inMemory - Where memory is a disk; nowhere when TMPDIR says where temporary files go.
 */
export async function makeTestsFolder(
  options: { inMemory?: string | undefined } = { inMemory: process.env['TMPDIR'] === undefined ? IN_MEMORY : undefined },
): Promise<TestsFolder> {
  const { inMemory } = options
  const parent = inMemory !== undefined && (await hasRoom(inMemory)) ? inMemory : tmpdir()
  forgetKilled(parent)
  const path = await mkdtemp(join(parent, `${PREFIX}${process.pid}-`))
  const removeNow = (): void => rmSync(path, { recursive: true, force: true })
  process.once('exit', removeNow)
  const remove = async (): Promise<void> => {
    process.off('exit', removeNow)
    await rm(path, { recursive: true, force: true })
  }
  if (parent === tmpdir() || runsPrograms(path)) return { path, remove }
  await remove()
  return await makeTestsFolder({ inMemory: undefined })
}

async function hasRoom(folder: string): Promise<boolean> {
  if (!existsSync(folder)) return false
  const { bavail, bsize } = await statfs(folder)
  return Math.min(bavail * bsize, freemem()) >= ROOM_BYTES
}

/** Some tests make little programs and run them; a disk may be mounted so that nothing on it is run. */
function runsPrograms(folder: string): boolean {
  const program = join(folder, 'program')
  writeFileSync(program, '', { mode: 0o700 })
  try {
    accessSync(program, constants.X_OK)
    return true
  } catch {
    return false
  } finally {
    rmSync(program)
  }
}

/** Those of runs that were killed, so that they hold no memory. */
function forgetKilled(parent: string): void {
  for (const name of readdirSync(parent).filter((each) => each.startsWith(PREFIX))) {
    const pid = Number.parseInt(name.slice(PREFIX.length), 10)
    if (!isRunning(pid)) rmSync(join(parent, name), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
