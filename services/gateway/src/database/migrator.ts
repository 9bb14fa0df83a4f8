import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import { DatabaseError } from '../gatewayErrors.ts'
import { type Database, SHARED_SCHEMA, type Transaction, tenantSchema } from './database.ts'

type Migration = { readonly name: string; readonly sql: string; readonly sha256: string }
const appliedRow = z.object({ name: z.string(), sha256: z.string() })
const LOCK = 7_236_701

/**
 * Brings the shared schema and every tenant's to the newest shape: each `migrations/{shared,tenant}/NNN_name.sql` once, in order, whole or not at all.
 * @returns What was applied now, as `schema/name`.
 * @throws {DatabaseError} `database/changed-migration`: a file that already ran is not what it was.
 */
export async function migrate(database: Database, { slugs, clock }: { slugs: readonly string[]; clock: Clock }): Promise<string[]> {
  const [shared, tenant] = await Promise.all([readMigrations('shared'), readMigrations('tenant')])
  const applied = await database.inShared((tx) => migrateSchema(tx, SHARED_SCHEMA, shared, clock))
  for (const slug of slugs) {
    applied.push(...(await database.inTenant(slug, (tx) => migrateSchema(tx, tenantSchema(slug), tenant, clock))))
  }
  return applied
}

async function migrateSchema(tx: Transaction, schema: string, migrations: readonly Migration[], clock: Clock): Promise<string[]> {
  await tx.run('SELECT pg_advisory_xact_lock($1)', [LOCK])
  await tx.script(`CREATE SCHEMA IF NOT EXISTS "${schema}";
    CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, sha256 text NOT NULL, applied_at_s bigint NOT NULL)`)
  const before = new Map((await tx.rows(appliedRow, 'SELECT name, sha256 FROM migrations')).map(({ name, sha256 }) => [name, sha256]))
  const changed = migrations.find(({ name, sha256 }) => before.has(name) && before.get(name) !== sha256)
  if (changed !== undefined) throw new DatabaseError('database/changed-migration', `${schema}/${changed.name}`)
  const due = migrations.filter(({ name }) => !before.has(name))
  for (const { name, sql, sha256 } of due) {
    await tx.script(sql)
    await tx.run('INSERT INTO migrations (name, sha256, applied_at_s) VALUES ($1, $2, $3)', [name, sha256, clock.nowS()])
  }
  return due.map(({ name }) => `${schema}/${name}`)
}

async function readMigrations(kind: 'shared' | 'tenant'): Promise<Migration[]> {
  const folder = new URL(`./migrations/${kind}/`, import.meta.url)
  const names = (await readdir(folder)).filter((name) => /^\d{3}_[a-z_]+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8')
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}
