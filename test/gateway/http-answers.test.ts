import { execFileSync, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errorAnswerSchema, errorWords, isErrorCode, networkSchema, organisationsSchema, readySchema } from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { freePort } from '../../scripts/processes/ports.ts'
import { freshDatabase } from './access-database.ts'
import { challenge, LABELS, post, type RecordsStage, raiseRecords, sign } from './records-stage.ts'

let stage: RecordsStage
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medsync-http-'))
  await mkdir(join(folder, 'web', 'assets'), { recursive: true })
  await writeFile(join(folder, 'web', 'index.html'), '<!doctype html><title>MedSync</title>')
  await writeFile(join(folder, 'web', 'assets', 'app-1234.js'), 'export {}')
  await mkdir(join(folder, 'samples'))
  await writeFile(join(folder, 'samples', 'index.json'), '[]')
  await writeFile(join(folder, 'accounts.json'), JSON.stringify([{ address: '0x00Ab', label: 'Patient 1', portal: 'patient' }]))
  stage = await raiseRecords({
    env: {
      WEB_DIST: join(folder, 'web'),
      SAMPLES_DIR: join(folder, 'samples'),
      DEVELOPMENT_ACCOUNTS_FILE: join(folder, 'accounts.json'),
    },
  })
})
afterAll(async () => {
  await stage.stop()
  await rm(folder, { recursive: true, force: true })
})

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> => fetch(`${stage.origin}${path}`, { headers })

async function failure(answer: Response): Promise<[number, string]> {
  const { code, message, hint, id } = errorAnswerSchema.parse(await answer.json())
  expect(isErrorCode(code) && message.length > 0 && hint.length > 0).toBe(true)
  expect(id).toMatch(/^[0-9a-f-]{36}$/)
  return [answer.status, code]
}

describe('every failure answers { code, message, hint, id }', () => {
  test('error: no such call, no such method, no such file', async () => {
    expect(await failure(await get('/api/nothing'))).toEqual([404, 'server/no-such-route'])
    expect(await failure(await post(`${stage.origin}/api/network`, {}))).toEqual([404, 'server/no-such-route'])
    expect(await failure(await get('/assets/gone-99.js'))).toEqual([404, 'server/no-such-route'])
    expect(await failure(await get('/samples/..%2f..%2fmaster.key'))).toEqual([404, 'server/no-such-route'])
    expect(await failure(await get('/%c0%af'))).toEqual([404, 'server/no-such-route'])
  })

  test('error: not JSON, another content, too large', async () => {
    const send = (body: string, type = 'application/json'): Promise<Response> =>
      fetch(`${stage.origin}/api/auth/challenge`, { method: 'POST', body, headers: { 'content-type': type } })
    expect(await failure(await send('{"account":'))).toEqual([400, 'input/not-json'])
    expect(await failure(await send(''))).toEqual([400, 'input/not-json'])
    expect(await failure(await send('account=1', 'application/x-www-form-urlencoded'))).toEqual([415, 'server/content-type'])
    expect(await failure(await send(JSON.stringify({ account: '0x1', pad: 'x'.repeat(300_000) })))).toEqual([413, 'input/too-large'])
    expect(await failure(await send('{"__proto__":{"a":1},"account":"0x1"}'))).toEqual([400, 'input/not-json'])
  })

  test('error: a field that is wrong is named, its value is not', async () => {
    const answer = await post(`${stage.origin}/api/auth/challenge`, { account: 'MYSECRET' })
    const { code, message } = errorAnswerSchema.parse(await answer.json())
    expect([code, message]).toMatchInlineSnapshot(`
      [
        "input/invalid",
        "Something in the request is not as it must be. (account: expected a 0x-prefixed felt)",
      ]
    `)
    const unknown = await post(`${stage.origin}/api/auth/challenge`, { account: '0x1', more: 1 })
    expect(await failure(unknown)).toEqual([400, 'input/invalid'])
    const patient = await stage.signIn(LABELS.mercy)
    expect(await patient.json('GET', '/hospital/records?limit=0')).toMatchObject({ status: 400, body: { code: 'input/invalid' } })
    expect(await patient.json('GET', '/hospital/records?after=nonsense')).toMatchObject({ status: 400, body: { code: 'input/invalid' } })
    expect(await patient.json('POST', '/hospital/records/not-a-record/enrolment-codes')).toMatchObject({
      status: 400,
      body: { code: 'input/invalid' },
    })
  })

  test('a failure can be found in the log by its id, with its code and without what was sent', async () => {
    const answer = await get('/api/nothing/PRIVATE?query=PRIVATE')
    const { id } = errorAnswerSchema.parse(await answer.json())
    const line = stage.log.find((logged) => logged.includes(id))
    expect(JSON.parse(line ?? '{}')).toMatchObject({ event: 'http.answered', reqId: id, status: 404, code: 'server/no-such-route' })
    expect(stage.log.filter((logged) => logged.includes('PRIVATE'))).toEqual([])
  })
})

describe('what anyone may read', () => {
  test('the network, with development accounts since it is a local one', async () => {
    const network = networkSchema.parse(await (await get('/api/network')).json())
    expect(network).toMatchObject({ kind: 'local', transactionUrl: null, rpcUrl: stage.deployment.rpcUrl, maxBundleBytes: 33_554_432 })
    expect(network.developmentAccounts).toEqual([{ address: '0xab', label: 'Patient 1', portal: 'patient' }])
    expect(network.tenants.map(({ name }) => name)).toContain('Mercy General Hospital')
  })

  test('the organisations, as the chain has them', async () => {
    const { items } = organisationsSchema.parse(await (await get('/api/organisations')).json())
    expect(items.map(({ name, role, standing }) => `${name} ${role} ${standing}`).sort()).toMatchInlineSnapshot(`
      [
        "Harbour Institute research active",
        "Lakeside Clinic hospital active",
        "Mercy General Hospital hospital active",
        "Northgate Research research active",
        "St. Clare Hospital hospital active",
      ]
    `)
  })

  test('that it is alive, and whether it is ready', async () => {
    expect(await (await get('/health')).json()).toEqual({ status: 'alive' })
    expect(readySchema.parse(await (await get('/ready')).json())).toEqual({
      status: 'ready',
      checks: { database: true, chain: true, caughtUp: true, context: true },
    })
  })

  test('samples, and the web app: any unknown page is its start page', async () => {
    expect(await (await get('/samples/index.json')).json()).toEqual([])
    for (const path of ['/', '/patient', '/hospital/records/1?tab=2']) {
      const answer = await get(path)
      expect([answer.status, await answer.text(), answer.headers.get('cache-control')]).toEqual([
        200,
        '<!doctype html><title>MedSync</title>',
        'no-cache',
      ])
    }
    expect((await get('/assets/app-1234.js')).headers.get('cache-control')).toContain('immutable')
  })

  test('security headers stand on every answer', async () => {
    for (const path of ['/', '/api/network', '/api/nothing', '/health']) {
      const { headers } = await get(path)
      expect(headers.get('content-security-policy')).toContain(`connect-src 'self' ${new URL(stage.deployment.rpcUrl).origin}`)
      expect(headers.get('content-security-policy')).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('strict-transport-security')).toBeNull()
    }
  })
})

const operation = z.looseObject({
  tags: z.array(z.string()),
  security: z.array(z.record(z.string(), z.unknown())).optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string().optional() })),
})
const openApi = z.object({ openapi: z.string(), paths: z.record(z.string(), z.record(z.string(), operation)) })

describe('the OpenAPI document', () => {
  test('tells every call, its success and its failures', async () => {
    const { openapi, paths } = openApi.parse(await (await get('/api/openapi.json')).json())
    expect(openapi).toBe('3.1.0')
    const calls = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, call]) => ({ path, method, call })),
    )
    for (const path of ['/api/network', '/api/auth/session', '/api/hospital/bundles', '/api/patient/enrolments', '/api/events', '/ready']) {
      expect(Object.keys(paths)).toContain(path)
    }
    for (const { path, method, call } of calls) {
      const statuses = Object.keys(call.responses)
      expect(
        statuses.some((status) => status.startsWith('2')),
        `${method} ${path} has a success`,
      ).toBe(true)
      if (!path.startsWith('/api')) continue
      expect(statuses, `${method} ${path} has failures`).toContain('500')
      const isGuarded = /^\/api\/(patient|hospital|research|events)/.test(path)
      expect(call.security !== undefined, `${method} ${path} says whether it needs a token`).toBe(isGuarded)
      if (isGuarded) expect(statuses).toEqual(expect.arrayContaining(['401', '403', '503']))
    }
  })

  test('error: no call that needs a token answers without one, nor with a patient’s token where staff is asked for', async () => {
    const { paths } = openApi.parse(await (await get('/api/openapi.json')).json())
    const patient = await stage.signIn(LABELS.patient)
    for (const [template, methods] of Object.entries(paths)) {
      const path = template.replace(/\{[^}]+\}/g, '0x1')
      for (const [method, call] of Object.entries(methods)) {
        if (call.security === undefined) continue
        const sent = method === 'post' ? { body: '{}', headers: { 'content-type': 'application/json' } } : {}
        const nobody = await fetch(`${stage.origin}${path}`, { method, ...sent })
        expect([template, method, nobody.status]).toEqual([
          template,
          method,
          method === 'post' || path.includes('0x1') ? expect.toBeOneOf([400, 401]) : 401,
        ])
        if (!/^\/api\/(hospital|research)/.test(path)) continue
        const other = await patient.send(path.replace('/api', ''), { method, ...sent })
        expect([template, method, other.status]).toEqual([template, method, expect.toBeOneOf([400, 403])])
      }
    }
  })

  test('names the codes of each failure', async () => {
    const { paths } = openApi.parse(await (await get('/api/openapi.json')).json())
    const described = JSON.stringify(paths['/api/hospital/bundles']?.post?.responses)
    for (const code of ['record/too-large', 'record/not-a-bundle', 'upload/busy']) {
      expect(described).toContain(code)
      expect(isErrorCode(code) && described.includes(errorWords[code].what)).toBe(true)
    }
  })
})

describe('when a part is away', () => {
  test('error: a chain that does not answer: nobody signs in, the gateway says so and is not ready', async () => {
    const alone = await raiseRecords({ rpcUrl: 'http://127.0.0.1:9/rpc' })
    try {
      const { address } = alone.account(LABELS.patient)
      const { nonce, typedData } = await challenge(alone.origin, address)
      const signature = await sign(stage.deployment.rpcUrl, alone.accounts, LABELS.patient, typedData)
      const answer = await post(`${alone.origin}/api/auth/session`, { account: address, nonce, signature })
      expect(await failure(answer)).toEqual([503, 'chain/unreachable'])
      const ready = await fetch(`${alone.origin}/ready`)
      expect([ready.status, readySchema.parse(await ready.json()).checks.chain]).toEqual([503, false])
      expect((await fetch(`${alone.origin}/health`)).status).toBe(200)
      expect(await failure(await fetch(`${alone.origin}/api/organisations`))).toEqual([503, 'chain/unreachable'])
    } finally {
      await alone.stop()
    }
  })
})

describe('too many requests from one address', () => {
  test('error: are refused for a while', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 320 }, () => post(`${stage.origin}/api/auth/challenge`, { account: '0x1' }).then(({ status }) => status)),
    )
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0)
    expect(await failure(await post(`${stage.origin}/api/auth/challenge`, { account: '0x1' }))).toEqual([429, 'rate/too-many'])
    expect((await get('/health')).status).toBe(200)
  })
})

describe('the process', () => {
  const main = new URL('../../services/gateway/src/main.ts', import.meta.url).pathname

  test('stops within seconds when it is told to, whoever is still connected, and says so', async () => {
    const port = await freePort()
    const place = await freshDatabase(join(folder, 'second-database'))
    const own = { CONTEXT_DIR: join(folder, 'second-context'), GATEWAY_PORT: String(port), PATH: process.env.PATH }
    const env = { ...stage.variables, ...place.env, ...own }
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
    let said = ''
    child.stdout.on('data', (text) => {
      said += String(text)
    })
    await expect
      .poll(
        () =>
          fetch(`http://127.0.0.1:${port}/health`).then(
            ({ status }) => status,
            () => 0,
          ),
        { timeout: 30_000 },
      )
      .toBe(200)
    const early = connect(port, '127.0.0.1')
    await new Promise((resolve) => early.once('connect', resolve))
    const startedMs = performance.now()
    child.kill('SIGTERM')
    expect(await exited).toBe(0)
    expect(performance.now() - startedMs).toBeLessThan(4_000)
    const events = said
      .trim()
      .split('\n')
      .map((line) => z.object({ event: z.string().optional() }).parse(JSON.parse(line)).event)
    // Told to stop as soon as it answers, it may still be reading the chain.
    expect(events.filter((event) => event?.startsWith('gateway.')).slice(-2)).toEqual(['gateway.stopping', 'gateway.stopped'])
    expect(events.at(-1)).toBe('gateway.stopped')
    early.destroy()
    await place.drop()
  })

  test('error: a start without its environment says what is missing', () => {
    let told = ''
    try {
      execFileSync(process.execPath, [main], { env: { GATEWAY_PORT: 'x' }, stdio: 'pipe' })
    } catch (error) {
      told = z
        .object({ stderr: z.instanceof(Uint8Array) })
        .transform(({ stderr }) => Buffer.from(stderr).toString('utf8'))
        .parse(error)
    }
    expect(told.split('\n')[0]).toMatchInlineSnapshot(
      `"The environment is not usable. (GATEWAY_PORT: Invalid input: expected number, received NaN; PUBLIC_ORIGIN: Invalid input: expected string, received undefined; DEPLOYMENT_FILE: Invalid input: expected string, received undefined; TENANTS_FILE: Invalid input: expected string, received undefined; MASTER_KEY_FILE: Invalid input: expected string, received undefined) Set what is named; .env.defaults shows working values."`,
    )
  })
})
