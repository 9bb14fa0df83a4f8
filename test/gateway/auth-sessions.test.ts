import { connect as connectTo, createServer, type Server, type Socket } from 'node:net'
import { type AccountAddress, errorAnswerSchema, sessionSchema } from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { LABELS, type RecordsStage, raiseRecords } from './records-stage.ts'

const ORIGIN = 'http://127.0.0.1:18100'
let stage: RecordsStage

beforeAll(async () => {
  stage = await raiseRecords({ salt: '0x73657373696f6e73' })
})
afterAll(() => stage.stop())

type Refreshed = { readonly status: number; readonly code: string; readonly cookie: string; readonly account: string }

async function refresh(cookie: string, at: RecordsStage = stage): Promise<Refreshed> {
  const answer = await fetch(`${at.origin}/api/auth/refresh`, { method: 'POST', headers: { cookie, origin: ORIGIN } })
  const body: unknown = await answer.json()
  const next = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
  return {
    status: answer.status,
    cookie: next,
    code: answer.ok ? '' : errorAnswerSchema.parse(body).code,
    account: answer.ok ? sessionSchema.parse(body).account : '',
  }
}

describe('a refresh whose answer was lost', () => {
  test('the same cookie within 30 seconds gets the same answer, and the session goes on', async () => {
    const { cookie, session } = await stage.signIn(LABELS.patient)
    const first = await refresh(cookie)
    stage.pass(30)
    const again = await refresh(cookie)
    expect(again).toEqual({ status: 200, code: '', cookie: first.cookie, account: session.account })
    expect((await refresh(again.cookie)).status).toBe(200)
  })

  test('two tabs that refresh at once both go on', async () => {
    const { cookie } = await stage.signIn(LABELS.patient)
    const tabs = await Promise.all([refresh(cookie), refresh(cookie), refresh(cookie)])
    expect(tabs.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(new Set(tabs.map((tab) => tab.cookie)).size).toBe(1)
    expect((await refresh(tabs[0]?.cookie ?? '')).status).toBe(200)
  })

  test('a tab that comes late gets the newest cookie, not one that was used meanwhile', async () => {
    const { cookie } = await stage.signIn(LABELS.patient)
    const second = await refresh(cookie)
    const third = await refresh(second.cookie)
    expect((await refresh(cookie)).cookie).toBe(third.cookie)
    stage.pass(31)
    expect((await refresh(third.cookie)).status).toBe(200)
  })

  test('a crash between the new cookie and its answer ends no session', async () => {
    const { cookie } = await stage.signIn(LABELS.patient)
    const stored = await stage.gateway.refreshTokens.rotate(cookie.split('=')[1] ?? '')
    expect((await refresh(cookie)).cookie).toBe(`medsync_refresh=${stored.token}`)
  })

  test('error: the same cookie after 30 seconds ends the sign-in, for the thief and for the owner', async () => {
    const { cookie } = await stage.signIn(LABELS.patient)
    const next = await refresh(cookie)
    stage.pass(31)
    expect(await refresh(cookie)).toMatchObject({ status: 401, code: 'auth/token-invalid' })
    expect(await refresh(next.cookie)).toMatchObject({ status: 401, code: 'auth/token-invalid' })
  })

  test('error: a clock that is set back gives a thief no more than the 30 seconds', async () => {
    const { cookie } = await stage.signIn(LABELS.patient)
    const next = await refresh(cookie)
    stage.pass(-3_600)
    expect(await refresh(cookie)).toMatchObject({ status: 401, code: 'auth/token-invalid' })
    expect((await refresh(next.cookie)).status).toBe(401)
    stage.pass(3_600)
  })

  test('error: signing out ends the cookie before, too', async () => {
    const { cookie } = await stage.signIn(LABELS.patient)
    const next = await refresh(cookie)
    await fetch(`${stage.origin}/api/auth/sign-out`, { method: 'POST', headers: { cookie: next.cookie } })
    expect((await refresh(cookie)).status).toBe(401)
    expect((await refresh(next.cookie)).status).toBe(401)
  })
})

describe('while the chain cannot say who somebody is', () => {
  test('a refresh is answered 503 as often as it is tried, and the same cookie works when the chain is back', async () => {
    const node = new URL(inject('devnetRpcUrl'))
    const line = await interruptible(node)
    const away = await raiseRecords({ salt: '0x73657373696f6e73', rpcUrl: `http://127.0.0.1:${line.port}${node.pathname}` })
    try {
      const account = away.account(LABELS.patient).address as AccountAddress
      const { token } = await away.gateway.refreshTokens.start(account)
      for (let tries = 0; tries < 3; tries += 1) {
        expect(await refresh(`medsync_refresh=${token}`, away)).toMatchObject({ status: 503, cookie: '' })
        away.pass(40)
      }
      line.restore()
      await expect.poll(() => away.gateway.chain.isCaughtUp(), { timeout: 20_000 }).toBe(true)
      expect(await refresh(`medsync_refresh=${token}`, away)).toMatchObject({ status: 200, account })
    } finally {
      await away.stop()
      line.close()
    }
  })
})

/** A line to a node that is down until it is restored. */
async function interruptible(node: URL): Promise<{ port: number; restore(): void; close(): void }> {
  let isUp = false
  const sockets = new Set<Socket>()
  const server: Server = createServer((from) => {
    sockets.add(from)
    from.on('error', () => from.destroy())
    if (!isUp) return from.destroy()
    const to = connectTo(Number(node.port), node.hostname)
    sockets.add(to)
    to.on('error', () => from.destroy())
    from.pipe(to).pipe(from)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    restore: () => {
      isUp = true
    },
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
