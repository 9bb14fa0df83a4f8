import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { checkMasterKey } from '../../services/gateway/src/database/checkMasterKey.ts'
import type { Database } from '../../services/gateway/src/database/database.ts'
import { openDatabase } from '../../services/gateway/src/database/openDatabase.ts'
import { readEnv } from '../../services/gateway/src/env.ts'
import { KeyRing } from '../../services/gateway/src/keys/keyRing.ts'
import { readTenants } from '../../services/gateway/src/tenants/tenants.ts'
import { freshDatabase } from './access-database.ts'

const KILLS = 5
let folder: string
let place: { env: Record<string, string>; drop(): Promise<void> }
let open: Database | undefined

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medsync-database-'))
  const tenants = [
    { organisation: '0x6d65726379', slug: 'mercy', role: 'hospital', name: 'Mercy' },
    { organisation: '0x7374636c617265', slug: 'stclare', role: 'hospital', name: 'St. Clare' },
  ]
  await writeFile(join(folder, 'tenants.json'), JSON.stringify(tenants), { mode: 0o600 })
  place = await freshDatabase(join(folder, 'database'))
})
afterEach(async () => {
  await open?.close()
  open = undefined
})
afterAll(async () => {
  await place.drop()
  await rm(folder, { recursive: true, force: true })
})

const variables = (): Record<string, string> => ({
  GATEWAY_PORT: '0',
  PUBLIC_ORIGIN: 'http://127.0.0.1',
  DEPLOYMENT_FILE: 'none',
  MASTER_KEY_FILE: 'none',
  TENANTS_FILE: join(folder, 'tenants.json'),
  ...place.env,
})

async function start(key = 1): Promise<Database> {
  const env = readEnv(variables())
  const tenants = await readTenants(env.TENANTS_FILE)
  open = await openDatabase({
    env,
    tenants,
    keys: new KeyRing(Buffer.alloc(32, key)),
    clock: { nowS: () => 1 },
    log: pino({ level: 'silent' }),
  })
  return open
}

const countRow = z.object({ count: z.number() })

describe('the database', () => {
  test('is made by the migrations once, and is the same when it is opened again', async () => {
    const names = z.object({ name: z.string() })
    const read = async (database: Database): Promise<unknown> => [
      await database.inShared((tx) => tx.rows(names, 'SELECT name FROM migrations ORDER BY name')),
      await database.inTenant('stclare', (tx) => tx.rows(names, 'SELECT name FROM migrations ORDER BY name')),
    ]
    const first = await start()
    const before = await read(first)
    await first.close()
    expect(await read(await start())).toEqual(before)
    expect(JSON.stringify(before)).toContain('001_records.sql')
  })

  test('keeps tenants apart', async () => {
    const database = await start()
    await database.inTenant('mercy', (tx) =>
      tx.run(`INSERT INTO records VALUES ('11111111-1111-4111-8111-111111111111', $1, $1, 1, 1, 'x')`, [Buffer.from('a')]),
    )
    const count = (slug: string): Promise<unknown> =>
      database.inTenant(slug, (tx) => tx.first(countRow, 'SELECT count(*) AS count FROM records'))
    expect([await count('mercy'), await count('stclare')]).toEqual([{ count: 1 }, { count: 0 }])
    await expect(database.inShared((tx) => tx.first(countRow, 'SELECT count(*) AS count FROM records'))).rejects.toThrow(/records/)
    await database.inTenant('mercy', (tx) => tx.run('DELETE FROM records'))
  })

  test('keeps a unit of work whole or not at all', async () => {
    const database = await start()
    const failing = database.inShared(async (tx) => {
      await tx.run(`INSERT INTO challenges VALUES ('0x1', '0x2', 3)`)
      throw new RangeError('stop')
    })
    await expect(failing).rejects.toThrow('stop')
    expect(await database.inShared((tx) => tx.first(countRow, 'SELECT count(*) AS count FROM challenges'))).toEqual({ count: 0 })
    await database.inShared((tx) => tx.run(`INSERT INTO challenges VALUES ('0x1', '0x2', 3)`))
    expect(await database.inShared((tx) => tx.run('DELETE FROM challenges'))).toBe(1)
  })

  test('gives every kind of value back as the same type on both engines', async () => {
    const database = await start()
    const row = z.strictObject({
      big: z.number(),
      exact: z.string(),
      bytes: z.instanceof(Uint8Array),
      flag: z.boolean(),
      list: z.array(z.string()),
      nothing: z.null(),
      json: z.object({ a: z.number() }),
    })
    const sql = `SELECT $1::bigint AS big, $2::numeric AS exact, $3::bytea AS bytes, $4::boolean AS flag, $5::text[] AS list, $6::text AS nothing, $7::jsonb AS json`
    const values = [Number.MAX_SAFE_INTEGER, '12345678901234567890.5', Buffer.from([0, 255]), true, ['a', "b'c"], null, '{"a":1}'] as const
    expect(await database.inShared((tx) => tx.first(row, sql, values))).toMatchObject({
      big: Number.MAX_SAFE_INTEGER,
      exact: values[1],
      list: values[4],
    })
  })

  test('error: a number that JavaScript would round is refused, not rounded', async () => {
    const database = await start()
    const read = database.inShared((tx) => tx.first(countRow, 'SELECT 9007199254740993::bigint AS count'))
    await expect(read).rejects.toMatchObject({ code: 'database/unsafe-number' })
  })

  test('error: a transaction inside another one, which would wait for itself', async () => {
    const database = await start()
    const nested = database.inShared(() => database.inTenant('mercy', async () => 1))
    await expect(nested).rejects.toMatchObject({ code: 'database/nested' })
    expect(await database.isAlive()).toBe(true)
  })

  test('error: another master key opens nothing', async () => {
    await (await start(1)).close()
    await expect(start(2)).rejects.toMatchObject({ code: 'database/other-key' })
    await expect(start(1)).resolves.toBeDefined()
    await expect(checkMasterKey(open as Database, Buffer.alloc(32))).rejects.toMatchObject({ code: 'database/other-key' })
  })

  test('error: a migration that ran and was changed since', async () => {
    const database = await start()
    await database.inShared((tx) => tx.run(`UPDATE migrations SET sha256 = 'x' || sha256 WHERE name = '001_sessions.sql'`))
    await database.close()
    await expect(start()).rejects.toMatchObject({ code: 'database/changed-migration' })
    const again = await freshOpen()
    await again.inShared((tx) => tx.run(`UPDATE migrations SET sha256 = substr(sha256, 2) WHERE name = '001_sessions.sql'`))
    await again.close()
  })

  test('error: the folder of a running gateway is not opened twice', async (context) => {
    const database = await start()
    if (database.engine !== 'pglite') return context.skip()
    await expect(openAgain()).rejects.toMatchObject({ code: 'database/in-use' })
  })

  test('a lock that an older version left behind, with the process id that every process has in a container, blocks nobody', async (context) => {
    const directory = place.env['DATABASE_DIR']
    if (directory === undefined) return context.skip()
    for (const pid of [1, process.pid]) {
      await writeFile(`${directory}.lock`, String(pid))
      await (await start()).close()
    }
  })

  test('error: a server that drops a connection in the middle is said to be away, and the next one works', async (context) => {
    const database = await start()
    if (database.engine !== 'postgres') return context.skip()
    const dropped = database.inShared((tx) => tx.rows(z.unknown(), 'SELECT pg_terminate_backend(pg_backend_pid())'))
    await expect(dropped).rejects.toMatchObject({ code: 'database/unreachable' })
    expect(await database.isAlive()).toBe(true)
    expect(await database.inShared((tx) => tx.run('DELETE FROM challenges'))).toBe(0)
  })

  test('keeps what it said was kept, whole, when the process is killed at any moment', { timeout: 240_000 }, async () => {
    let next = 1
    for (let round = 0; round < KILLS; round += 1) {
      const told = await writeUntilKilled(next, 150 + round * 130)
      const database = await start()
      const pairs = await database.inTenant('mercy', (tx) =>
        tx.rows(z.object({ id: z.number(), halves: z.number() }), 'SELECT id, count(*) AS halves FROM pairs GROUP BY id ORDER BY id'),
      )
      expect(pairs.filter(({ halves }) => halves !== 2)).toEqual([])
      expect(told.filter((id) => !pairs.some((pair) => pair.id === id))).toEqual([])
      expect(told.length).toBeGreaterThan(0)
      next = (pairs.at(-1)?.id ?? 0) + 1
      await database.close()
    }
  })
})

async function openAgain(): Promise<Database> {
  const env = readEnv(variables())
  const tenants = await readTenants(env.TENANTS_FILE)
  return openDatabase({ env, tenants, keys: new KeyRing(Buffer.alloc(32, 1)), clock: { nowS: () => 1 }, log: pino({ level: 'silent' }) })
}

/** Opens without running migrations, to mend what a test broke. */
async function freshOpen(): Promise<Database> {
  const { openPglite } = await import('../../services/gateway/src/database/pgliteDatabase.ts')
  const { openPostgres } = await import('../../services/gateway/src/database/postgresDatabase.ts')
  const { DATABASE_URL, DATABASE_DIR } = place.env
  return DATABASE_URL === undefined ? openPglite(DATABASE_DIR ?? '') : openPostgres(DATABASE_URL)
}

/** Starts the writer, kills it some time after its first commit, and gives what it said was committed. */
async function writeUntilKilled(from: number, afterMs: number): Promise<number[]> {
  const writer = spawn(process.execPath, [new URL('records-writer.ts', import.meta.url).pathname, String(from)], {
    env: { ...process.env, ...variables() },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  return new Promise((resolve) => {
    writer.stdout.on('data', (text) => {
      if (said === '') setTimeout(() => writer.kill('SIGKILL'), afterMs)
      said += String(text)
    })
    writer.on('exit', () => resolve(said.split('\n').slice(0, -1).map(Number)))
  })
}
