import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { appendEntryCalls } from '@medsync/chain'
import { errorAnswerSchema, felt, readySchema, slugToOrganisationId } from '@medsync/protocol'
import { deployMedsync, localOrganisations } from '@medsync/testing'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import * as z from 'zod'
import { freePort } from '../../scripts/processes/ports.ts'
import { Operators } from '../../services/gateway/src/access/operators.ts'
import type { Database } from '../../services/gateway/src/database/database.ts'
import { openPostgres } from '../../services/gateway/src/database/postgresDatabase.ts'
import { DatabaseError } from '../../services/gateway/src/gatewayErrors.ts'
import { readTenants } from '../../services/gateway/src/tenants/tenants.ts'
import { type FreshDatabase, freshDatabase } from './access-database.ts'
import { tenantsOf } from './access-stage.ts'
import { Wire } from './access-wire.ts'
import { post } from './records-stage.ts'

const MAIN = new URL('../../services/gateway/src/main.ts', import.meta.url).pathname
const isPostgres = (process.env['TEST_DATABASE_URL'] ?? '') !== ''
const rpcUrl = inject('devnetRpcUrl')
let folder: string
let variables: Record<string, string>
let database: FreshDatabase | undefined
const started: Started[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medsync-standby-'))
  const { deployment } = await deployMedsync({ rpcUrl }, { salt: '0x7374616e646279' })
  const tenants = localOrganisations.map(({ slug, role, name }) => ({ organisation: slugToOrganisationId(slug), slug, role, name }))
  await writeFile(join(folder, 'deployment.json'), JSON.stringify(deployment))
  await writeFile(join(folder, 'tenants.json'), JSON.stringify(tenants), { mode: 0o600 })
  await writeFile(join(folder, 'master.key'), 'ab'.repeat(32), { mode: 0o600 })
})
afterEach(async () => {
  for (const { child } of started.splice(0)) {
    child.kill('SIGCONT')
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  await database?.drop()
  database = undefined
})
afterAll(() => rm(folder, { recursive: true, force: true }))

type Started = { readonly child: ChildProcess; readonly origin: string; readonly logPath: string }

async function freshPlace(): Promise<void> {
  database = await freshDatabase(join(folder, 'unused'))
  variables = {
    DEPLOYMENT_FILE: join(folder, 'deployment.json'),
    TENANTS_FILE: join(folder, 'tenants.json'),
    MASTER_KEY_FILE: join(folder, 'master.key'),
    FOLLOW_EVERY_MS: '100',
    ...database.env,
  }
}

async function startOne(name: string): Promise<Started> {
  const port = await freePort()
  const logPath = join(folder, `${name}-${port}.log`)
  const log = createWriteStream(logPath)
  const own = { GATEWAY_PORT: String(port), PUBLIC_ORIGIN: `http://127.0.0.1:${port}`, CONTEXT_DIR: join(folder, `${name}-${port}`) }
  const child = spawn(process.execPath, [MAIN], { env: { ...process.env, ...variables, ...own }, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.pipe(log)
  child.stderr.pipe(log)
  const one = { child, origin: own.PUBLIC_ORIGIN, logPath }
  started.push(one)
  return one
}

/** What it says of itself; undefined when nobody answers. */
async function readiness({ origin }: Started): Promise<string | undefined> {
  try {
    const answer = await fetch(`${origin}/ready`, { signal: AbortSignal.timeout(1_000) })
    return readySchema.parse(await answer.json()).status
  } catch {
    return undefined
  }
}

const untilIt = (one: Started, status: string, timeout = 40_000): Promise<void> =>
  expect.poll(() => readiness(one), { timeout, interval: 50 }).toBe(status)

async function administer<T extends Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<T[]> {
  const client = new pg.Client({ connectionString: database?.env['DATABASE_URL'] })
  await client.connect()
  const { rows } = await client.query<T>(sql, values)
  await client.end()
  return rows
}

const LOCK_HOLDER = `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
const lease = async (): Promise<string> => JSON.stringify(await administer('SELECT epoch, holder FROM shared.gateway_lease'))

/** How long a gateway takes to be ready, from now on. */
async function takeOverMs(one: Started): Promise<number> {
  const startedMs = performance.now()
  await untilIt(one, 'ready')
  return performance.now() - startedMs
}

describe.runIf(isPostgres)('two gateways on one Postgres database', () => {
  test('the second one stands by and says so, changes nothing, and takes over within 10 s when the first is killed', async () => {
    await freshPlace()
    const first = await startOne('first')
    await untilIt(first, 'ready')
    const before = await lease()
    const second = await startOne('second')
    await untilIt(second, 'standby')
    expect(await (await fetch(`${second.origin}/health`)).json()).toEqual({ status: 'alive' })
    const ready = await fetch(`${second.origin}/ready`)
    expect([ready.status, readySchema.parse(await ready.json()).reason]).toMatchInlineSnapshot(`
      [
        503,
        "This gateway stands by while another one uses the database. Try again in a moment; it takes over by itself when the other one is gone.",
      ]
    `)
    for (const answer of [
      await fetch(`${second.origin}/api/network`),
      await post(`${second.origin}/api/auth/challenge`, { account: '0x1' }),
    ]) {
      expect([answer.status, errorAnswerSchema.parse(await answer.json()).code]).toEqual([503, 'server/standby'])
    }
    await sleep(6_000)
    expect([await readiness(first), await readiness(second), await lease()]).toEqual(['ready', 'standby', before])
    first.child.kill('SIGKILL')
    expect(await takeOverMs(second)).toBeLessThan(10_000)
    expect(await lease()).not.toBe(before)
  })

  test('it takes over within 10 s when the first is stopped; that one writes nothing when it goes on, and ends', async () => {
    await freshPlace()
    const first = await startOne('first')
    await untilIt(first, 'ready')
    const second = await startOne('second')
    await untilIt(second, 'standby')
    first.child.kill('SIGSTOP')
    const stopped = post(`${first.origin}/api/auth/challenge`, { account: '0x5709' }).then(
      ({ status }) => status,
      () => 0,
    )
    expect(await takeOverMs(second)).toBeLessThan(10_000)
    const exited = once(first.child, 'exit')
    first.child.kill('SIGCONT')
    expect(await stopped).not.toBe(200)
    expect((await exited)[0]).toBe(1)
    expect(await readFile(first.logPath, 'utf8')).toContain('database.lock-lost')
    expect(await administer(`SELECT nonce FROM shared.challenges WHERE account = '0x5709'`)).toEqual([])
    expect(await readiness(second)).toBe('ready')
  })

  test('a holder whose connection breaks for a moment goes on, or ends when another has taken over: never do both write', async () => {
    await freshPlace()
    const first = await startOne('first')
    await untilIt(first, 'ready')
    const before = await lease()
    await administer(`SELECT pg_terminate_backend(pid) FROM (${LOCK_HOLDER}) AS holder`)
    await sleep(3_000)
    expect([await readiness(first), await lease()]).toEqual(['ready', before])

    const second = await startOne('second')
    await untilIt(second, 'standby')
    await administer(`SELECT pg_terminate_backend(pid) FROM (${LOCK_HOLDER}) AS holder`)
    await expect
      .poll(async () => [(await readiness(first)) ?? first.child.exitCode, (await readiness(second)) ?? second.child.exitCode], {
        timeout: 20_000,
      })
      .toEqual(
        expect.toBeOneOf([
          ['ready', 'standby'],
          [1, 'ready'],
        ]),
      )
  })

  test('one that is told to stop while it stands by ends at once', async () => {
    await freshPlace()
    const first = await startOne('first')
    await untilIt(first, 'ready')
    const second = await startOne('second')
    await untilIt(second, 'standby')
    const exited = once(second.child, 'exit')
    second.child.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
    expect(await readiness(first)).toBe('ready')
  })
})

describe.runIf(isPostgres)('the writer lock', () => {
  test('error: what a gateway had begun is rolled back when another takes over, and it begins nothing more', async () => {
    await freshPlace()
    const url = database?.env['DATABASE_URL'] ?? ''
    let failure: DatabaseError | undefined
    const first = await openPostgres(`${url}?application_name=disguised`, {
      onLost: (lost) => {
        failure = lost
      },
    })
    await first.inShared((tx) => tx.script('CREATE TABLE kept (id int)'))
    await first.requireWriter()
    const begun = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const inFlight = first.inShared(async (tx) => {
      await tx.run('INSERT INTO kept VALUES (1)')
      begun.resolve()
      await goOn.promise
      await tx.run('INSERT INTO kept VALUES (2)')
    })
    inFlight.catch(() => undefined)
    await begun.promise
    const opening = openPostgres(url)
    let second: Database | undefined
    // Whoever stands by is quicker than whoever has lost its connection only now and then.
    for (let tries = 0; second === undefined && tries < 20; tries += 1) {
      await administer(`SELECT pg_terminate_backend(pid) FROM (${LOCK_HOLDER}) AS holder`)
      second = await Promise.race([opening, sleep(1_500, undefined)])
    }
    expect(second).toBeDefined()
    goOn.resolve()
    await expect(inFlight).rejects.toMatchObject({ code: 'database/unreachable' })
    await expect(first.inShared((tx) => tx.run('INSERT INTO kept VALUES (3)'))).rejects.toMatchObject({
      code: expect.stringMatching(/^database/),
    })
    await expect.poll(() => failure?.code).toBe('database/lock-lost')
    await expect(first.requireWriter()).rejects.toMatchObject({ code: 'database/lock-lost' })
    expect(await first.isAlive()).toBe(false)
    expect(await second?.inShared((tx) => tx.rows(z.unknown(), 'SELECT id FROM kept'))).toEqual([])
    await second?.requireWriter()
    await Promise.all([first.close(), second?.close()])
  })

  test('is free at once when its holder closes', async () => {
    await freshPlace()
    const url = database?.env['DATABASE_URL'] ?? ''
    const first = await openPostgres(url)
    const opening = openPostgres(url)
    await first.close()
    const startedMs = performance.now()
    await (await opening).close()
    expect(performance.now() - startedMs).toBeLessThan(2_000)
  })
})

describe.runIf(isPostgres)('a server that keeps its connections and answers nothing', () => {
  test('error: is not alive within three seconds, fails what waits for it, and is used again when it answers', async () => {
    await freshPlace()
    const url = new URL(database?.env['DATABASE_URL'] ?? '')
    const wire = await Wire.lay(Number(url.port === '' ? 5432 : url.port))
    url.host = `127.0.0.1:${wire.port}`
    const opened = await openPostgres(url.href, { readTimeoutMs: 2_500 })
    try {
      await opened.inShared((tx) => tx.script('CREATE TABLE kept (id int)'))
      wire.stall()
      const startedMs = performance.now()
      const waiting = Array.from({ length: 15 }, () => opened.inShared((tx) => tx.run('INSERT INTO kept VALUES (1)')))
      const outcomes = Promise.allSettled(waiting)
      expect(await opened.isAlive()).toBe(false)
      expect(performance.now() - startedMs).toBeLessThan(3_000)
      for (const each of await outcomes) expect(each).toMatchObject({ status: 'rejected', reason: { code: 'database/unreachable' } })
      expect(performance.now() - startedMs).toBeLessThan(12_000)
      wire.mend()
      await expect.poll(() => opened.isAlive(), { timeout: 15_000 }).toBe(true)
      await opened.inShared((tx) => tx.run('INSERT INTO kept VALUES (2)'))
    } finally {
      wire.mend()
      await opened.close()
      await wire.close()
    }
  })
})

describe('a transaction that pays', () => {
  test('error: is not sent by a gateway that may no longer write, however far it had come', async () => {
    const { deployment, accounts } = await deployMedsync({ rpcUrl }, { salt: '0x7374616e646279' })
    await writeFile(join(folder, 'signing.json'), JSON.stringify(tenantsOf(accounts)), { mode: 0o600 })
    const tenants = await readTenants(join(folder, 'signing.json'))
    let mayWrite = true
    const operators = new Operators(tenants, deployment, new AbortController().signal, async () => {
      if (!mayWrite) throw new DatabaseError('database/lock-lost')
    })
    const queue = operators.queueOf(slugToOrganisationId('mercy'))
    const calls = (digest: number) => appendEntryCalls(deployment, { patient: felt(9), kind: 'refusal', digest: felt(digest) })
    expect((await queue?.run('append', calls(1)))?.transaction).toMatch(/^0x/)
    mayWrite = false
    await expect(queue?.run('append', calls(2))).rejects.toMatchObject({ code: 'database/lock-lost' })
    mayWrite = true
    expect((await queue?.run('append', calls(3)))?.transaction).toMatch(/^0x/)
  })
})
