import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ChoreError } from '../choreError.ts'
import type { Progress } from '../progress.ts'
import { aptInstall, canAptInstall } from './aptInstall.ts'
import { findOnPath, isExecutable } from './findOnPath.ts'

const DEBIAN = '/usr/lib/postgresql'

/** Finds the folder with `postgres` and `initdb`, without installing: PATH, then Debian's newest. */
export function findPostgres(): string | undefined {
  const initdb = findOnPath(['initdb'])
  if (initdb !== undefined && isExecutable(join(dirname(initdb), 'postgres'))) return dirname(initdb)
  if (!existsSync(DEBIAN)) return undefined
  const newestFirst = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a))
  return newestFirst.map((version) => join(DEBIAN, version, 'bin')).find((folder) => isExecutable(join(folder, 'initdb')))
}

/**
 * Finds a Postgres server's programs, or installs Debian's when that can be done without asking.
 * @returns The folder with `postgres` and `initdb`.
 * @throws {ChoreError} `toolchain/postgres` with how to get one.
 */
export async function ensurePostgres(told: Progress): Promise<string> {
  const found = findPostgres()
  if (found !== undefined) return found
  const hint = 'Install a Postgres server (Debian: apt-get install postgresql) with `initdb` on PATH.'
  if (!canAptInstall()) throw new ChoreError('toolchain/postgres', 'The gateway tests need a Postgres server and there is none.', hint)
  const fault = await aptInstall(['postgresql'], told)
  const installed = findPostgres()
  if (installed === undefined) throw new ChoreError('toolchain/postgres', `apt could not install postgresql:\n${fault ?? ''}`, hint)
  return installed
}
