import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { errorAnswerSchema, readySchema } from '@medsync/protocol'
import { decodeJwt, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Client, challenge, LABELS, post, type RecordsStage, raiseRecords } from './records-stage.ts'

/** Behind a proxy, so that each test has addresses of its own. */
let stage: RecordsStage
let patient: Client
let other: Client
let addresses = 0

beforeAll(async () => {
  stage = await raiseRecords({ salt: '0x6c696d697473', env: { TRUST_PROXY: 'true' } })
  patient = await stage.signIn(LABELS.patient)
  other = await stage.signIn(LABELS.otherPatient)
})
afterAll(() => stage.stop())

const newAddress = (): string => `198.51.${Math.floor(++addresses / 250)}.${addresses % 250}`
const from = (address: string, token?: string): Record<string, string> => ({
  'x-forwarded-for': address,
  ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
})
const statusOf = async (path: string, headers: Record<string, string>, init: RequestInit = {}, at = stage): Promise<number> => {
  const answer = await fetch(`${at.origin}${path}`, { ...init, headers: { ...headers, ...init.headers } })
  await answer.arrayBuffer()
  return answer.status
}

/** So many requests, a few at a time. */
async function statuses(count: number, send: (index: number) => Promise<number>): Promise<Map<number, number>> {
  const counted = new Map<number, number>()
  for (let start = 0; start < count; start += 50) {
    const answers = await Promise.all(Array.from({ length: Math.min(50, count - start) }, (_, index) => send(start + index)))
    for (const status of answers) counted.set(status, (counted.get(status) ?? 0) + 1)
  }
  return counted
}

describe('too many tries', () => {
  test('error: 2,000 requests with a bad token are refused after the first few hundred, with the time to wait', async () => {
    const address = newAddress()
    const answers = await statuses(2_000, () => statusOf('/api/patient/records', from(address, 'bad')))
    expect(answers.get(401) ?? 0).toBeLessThanOrEqual(300)
    expect(answers.get(429) ?? 0).toBeGreaterThanOrEqual(1_700)
    const refused = await fetch(`${stage.origin}/api/patient/records`, { headers: from(address, 'bad') })
    expect([refused.status, errorAnswerSchema.parse(await refused.json()).code]).toEqual([429, 'rate/too-many'])
    const waitS = Number(refused.headers.get('retry-after'))
    expect(waitS >= 1 && waitS <= 60).toBe(true)
  })

  test('bad tokens from an address leave those behind it who are signed in alone', async () => {
    const address = newAddress()
    await statuses(500, () => statusOf('/api/patient/records', from(address, 'bad')))
    expect(await statusOf('/api/patient/records', from(address, 'bad'))).toBe(429)
    expect(await statusOf('/api/patient/records', from(address, patient.session.accessToken))).toBe(200)
  })

  test('error: pages and calls that do not exist count', async () => {
    for (const path of ['/api/nothing', '/assets/gone-1.js']) {
      const address = newAddress()
      const answers = await statuses(1_300, () => statusOf(path, from(address)))
      expect(answers.get(404) ?? 0).toBe(1_200)
      expect(answers.get(429) ?? 0).toBe(100)
    }
  })

  test('whether it is alive and ready is answered always', async () => {
    const address = newAddress()
    await statuses(1_300, () => statusOf('/api/nothing', from(address)))
    expect(await statusOf('/api/network', from(address))).toBe(429)
    for (const path of ['/health', '/ready']) expect([...(await statuses(50, () => statusOf(path, from(address)))).keys()]).toEqual([200])
  })

  test('however often that is asked, the database is asked twice a second at most', async () => {
    const asked = vi.spyOn(stage.gateway.database, 'isAlive')
    const startedMs = performance.now()
    for (let waves = 0; waves < 5; waves++) {
      const answers = await Promise.all(Array.from({ length: 100 }, () => fetch(`${stage.origin}/ready`)))
      for (const answer of answers) expect(readySchema.parse(await answer.json()).checks.database).toBe(true)
    }
    const halves = Math.ceil((performance.now() - startedMs) / 500)
    expect(asked.mock.calls.length).toBeLessThanOrEqual(halves + 1)
    asked.mockRestore()
  })

  test('error: before the body is read or the guard is asked', async () => {
    const address = newAddress()
    await statuses(1_200, () => statusOf('/api/nothing', from(address)))
    const body = JSON.stringify({ pad: 'x'.repeat(300_000) })
    const sent = { method: 'POST', body, headers: { 'content-type': 'application/json' } }
    expect(await statusOf('/api/auth/challenge', from(address), sent)).toBe(429)
    expect(await statusOf('/api/hospital/records', from(address))).toBe(429)
  })

  test('error: all addresses of an IPv6 network are one client', async () => {
    const prefix = `2001:db8:${randomBytes(2).toString('hex')}:1`
    const answers = await statuses(1_300, (index) => statusOf('/api/nothing', from(`${prefix}:${index.toString(16)}:2:3:4`)))
    expect(answers.get(429)).toBe(100)
    expect(await statusOf('/api/network', from(`${prefix.slice(0, -1)}2::1`))).toBe(200)
  })

  test('error: an account is limited over all its addresses, and nobody else with it', async () => {
    const answers = await statuses(700, () => statusOf('/api/patient/records', from(newAddress(), other.session.accessToken)))
    expect(answers.get(429) ?? 0).toBeGreaterThanOrEqual(100)
    expect(await statusOf('/api/patient/records', from(newAddress(), patient.session.accessToken))).toBe(200)
  })

  test('whoever has no token of an account cannot use its tries up', async () => {
    const claims = decodeJwt(patient.session.accessToken)
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' }).sign(randomBytes(32))
    await statuses(900, () => statusOf('/api/patient/records', from(newAddress(), forged)))
    await statuses(900, () =>
      post(`${stage.origin}/api/auth/challenge`, { account: patient.session.account }, from(newAddress())).then(drained),
    )
    expect(await statusOf('/api/patient/records', from(newAddress(), patient.session.accessToken))).toBe(200)
    expect((await challenge(stage.origin, patient.session.account)).nonce).toMatch(/^0x/)
  })

  test('error: sign-ins that fail have a lower limit of their own', async () => {
    const address = newAddress()
    const fail = (at: string): Promise<number> =>
      post(`${stage.origin}/api/auth/session`, { account: '0x1', nonce: '0x2', signature: ['0x1', '0x2'] }, from(at)).then(drained)
    const answers = await statuses(250, () => fail(address))
    expect(answers.get(401) ?? 0).toBeLessThanOrEqual(150)
    expect(answers.get(429) ?? 0).toBeGreaterThanOrEqual(100)
    expect(await fail(newAddress())).toBe(401)
    expect(await statusOf('/api/network', from(address))).toBe(200)
  })

  test('error: cookies that are not valid have one, too', async () => {
    const address = newAddress()
    const headers = { ...from(address), cookie: 'medsync_refresh=AAAA' }
    const answers = await statuses(400, () => statusOf('/api/auth/refresh', headers, { method: 'POST' }))
    expect(answers.get(401) ?? 0).toBeLessThanOrEqual(350)
    expect(await statusOf('/api/auth/refresh', headers, { method: 'POST' })).toBe(429)
  })

  test('error: behind one proxy, what a client writes before the proxy’s own address is not believed', async () => {
    const address = newAddress()
    const answers = await statuses(1_300, () => statusOf('/api/nothing', from(`${newAddress()}, ${address}`)))
    expect(answers.get(429)).toBe(100)
  })
})

describe('without a proxy', () => {
  test('error: an address that a client claims is not believed, and what cannot be read counts, too', async () => {
    const alone = await raiseRecords({ salt: '0x6c696d697473' })
    try {
      const unreadable = await statuses(600, () => rawStatusOf(alone.origin, '/%c0%af', newAddress()))
      expect([...unreadable.keys()]).toEqual([404])
      const answers = await statuses(700, () => statusOf('/api/nothing', from(newAddress()), {}, alone))
      expect([answers.get(404), answers.get(429)]).toEqual([600, 100])
      expect(await rawStatusOf(alone.origin, '/%c0%af', newAddress())).toBe(429)
    } finally {
      await alone.stop()
    }
  })
})

async function drained(answer: Response): Promise<number> {
  await answer.arrayBuffer()
  return answer.status
}

/** The status of a path that no client library would send as it is. */
async function rawStatusOf(origin: string, path: string, address: string): Promise<number> {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nx-forwarded-for: ${address}\r\nconnection: close\r\n\r\n`)
  let said = ''
  for await (const chunk of socket) said += String(chunk)
  return Number(said.split(' ')[1])
}
