import { chownSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ChoreError } from '../choreError.ts'
import { freePort, isPortTaken } from '../processes/ports.ts'
import { startChild } from '../processes/startChild.ts'
import { runCommand } from '../runCommand.ts'
import { unprivilegedUser } from './unprivilegedUser.ts'

/** A Postgres server that holds nothing worth keeping. */
export interface ThrowawayPostgres {
  /** For DATABASE_URL. */
  url: string
  /** Stops it and deletes its files. */
  stop(): Promise<void>
}

const READY_WITHIN_MS = 30_000

/**
 * Starts an empty Postgres server on a free port of the loopback address, with durability off; it ends with this process.
 * @param binaries - Folder with `initdb` and `postgres`, from `ensurePostgres`.
 */
export async function startPostgres(binaries: string): Promise<ThrowawayPostgres> {
  const user = await unprivilegedUser()
  const folder = await mkdtemp(join(tmpdir(), 'medsync-postgres-'))
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const initdb = await runCommand(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'medsync', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
    {
      cwd: folder,
      ...user,
    },
  )
  if (initdb.code !== 0) throw new ChoreError('postgres/initdb', `initdb failed:\n${initdb.tail}`, 'Read its message above.')
  const port = await freePort()
  const logPath = join(folder, 'log')
  const settings = [
    'fsync=off',
    'full_page_writes=off',
    'synchronous_commit=off',
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=100',
  ]
  const child = await startChild({
    name: 'postgres',
    program: join(binaries, 'postgres'),
    args: ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    cwd: folder,
    logPath,
    ...user,
  })
  const stop = async (): Promise<void> => {
    await child.stop()
    await rm(folder, { recursive: true, force: true })
  }
  const untilMs = performance.now() + READY_WITHIN_MS
  while (!(await isReady(binaries, port))) {
    if (!child.isRunning() || performance.now() > untilMs) {
      await stop()
      throw new ChoreError(
        'postgres/not-ready',
        `Postgres on port ${port} did not come up.`,
        'Try again; if it repeats, look whether `postgres` runs by hand.',
      )
    }
    await sleep(50)
  }
  return { url: `postgres://medsync@127.0.0.1:${port}/postgres`, stop }
}

async function isReady(binaries: string, port: number): Promise<boolean> {
  const { code } = await runCommand(join(binaries, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port), '-q'])
  return code === 127 ? await isPortTaken(port) : code === 0
}
