import { createPrivateKey } from 'node:crypto'
import { errorAnswerSchema, felt, sessionSchema, signInTypedData, slugToOrganisationId } from '@medsync/protocol'
import { base64url, decodeJwt, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { challenge, LABELS, post, type RecordsStage, raiseRecords, sign } from './records-stage.ts'

let stage: RecordsStage
const rpcUrl = inject('devnetRpcUrl')

beforeAll(async () => {
  stage = await raiseRecords({ salt: '0x61757468' })
})
afterAll(() => stage.stop())

/** What a sign-in with this nonce and signature is answered. */
async function answerTo(
  account: string,
  nonce: string,
  signature: string[],
  headers: Record<string, string> = {},
): Promise<[number, string]> {
  const answer = await post(`${stage.origin}/api/auth/session`, { account, nonce, signature }, headers)
  const body: unknown = await answer.json()
  return [answer.status, answer.ok ? sessionSchema.parse(body).role : errorAnswerSchema.parse(body).code]
}

async function codeOf(answer: Response): Promise<[number, string]> {
  return [answer.status, errorAnswerSchema.parse(await answer.json()).code]
}

async function withToken(token: string): Promise<[number, string]> {
  const answer = await fetch(`${stage.origin}/api/patient/records`, { headers: { authorization: `Bearer ${token}` } })
  return answer.ok ? [answer.status, ''] : codeOf(answer)
}

describe('signing in', () => {
  test('each account gets the role that the chain gives it', async () => {
    const roles = await Promise.all([LABELS.patient, LABELS.mercy, LABELS.research].map((label) => stage.signIn(label)))
    expect(roles.map(({ session }) => [session.role, session.organisation])).toEqual([
      ['patient', null],
      ['hospital', slugToOrganisationId('mercy')],
      ['research', slugToOrganisationId('northgate')],
    ])
  })

  test('the message names this site, this account, this chain and its end', async () => {
    const { address } = stage.account(LABELS.patient)
    const { typedData, nonce, expiresAtS } = await challenge(stage.origin, address)
    expect(typedData.message).toMatchObject({
      Site: 'http://127.0.0.1:18100',
      Account: address,
      Nonce: nonce,
      'Expires at': String(expiresAtS),
    })
    expect(typedData.domain.chainId).toBe(stage.deployment.chainId)
  })

  test('error: a nonce works once, even when the first use failed', async () => {
    const { address } = stage.account(LABELS.patient)
    const { nonce, typedData } = await challenge(stage.origin, address)
    const signature = await sign(rpcUrl, stage.accounts, LABELS.patient, typedData)
    expect(await answerTo(address, nonce, signature)).toEqual([200, 'patient'])
    expect(await answerTo(address, nonce, signature)).toEqual([401, 'auth/nonce-unknown'])
    const second = await challenge(stage.origin, address)
    expect(await answerTo(address, second.nonce, ['0x1', '0x2'])).toEqual([401, 'auth/bad-signature'])
    const late = await sign(rpcUrl, stage.accounts, LABELS.patient, second.typedData)
    expect(await answerTo(address, second.nonce, late)).toEqual([401, 'auth/nonce-unknown'])
  })

  test('error: two uses at the same moment are one', async () => {
    const { address } = stage.account(LABELS.patient)
    const { nonce, typedData } = await challenge(stage.origin, address)
    const signature = await sign(rpcUrl, stage.accounts, LABELS.patient, typedData)
    const both = await Promise.all([answerTo(address, nonce, signature), answerTo(address, nonce, signature)])
    expect(both.map(([status]) => status).sort()).toEqual([200, 401])
  })

  test('error: a nonce older than five minutes', async () => {
    const { address } = stage.account(LABELS.patient)
    const { nonce, typedData } = await challenge(stage.origin, address)
    const signature = await sign(rpcUrl, stage.accounts, LABELS.patient, typedData)
    stage.pass(300)
    expect(await answerTo(address, nonce, signature)).toEqual([401, 'auth/nonce-expired'])
  })

  test('error: the signature of another account, of another message, and none', async () => {
    const { address } = stage.account(LABELS.patient)
    const first = await challenge(stage.origin, address)
    const foreign = await sign(rpcUrl, stage.accounts, LABELS.otherPatient, first.typedData)
    expect(await answerTo(address, first.nonce, foreign)).toEqual([401, 'auth/bad-signature'])

    const second = await challenge(stage.origin, address)
    const elsewhere = signInTypedData({
      chainId: stage.deployment.chainId,
      origin: 'https://evil.example',
      account: address,
      nonce: stage.deployment.chainId,
      expiresAtS: second.expiresAtS,
    })
    const forOther = await sign(rpcUrl, stage.accounts, LABELS.patient, elsewhere)
    expect(await answerTo(address, second.nonce, forOther)).toEqual([401, 'auth/bad-signature'])

    const third = await challenge(stage.origin, address)
    expect(await answerTo(address, third.nonce, ['not a felt'])).toEqual([401, 'auth/bad-signature'])
    expect(await answerTo(address, (await challenge(stage.origin, address)).nonce, [`0x${'f'.repeat(64)}`])).toEqual([
      401,
      'auth/bad-signature',
    ])
  })

  test('error: the same message signed for another site or another chain', async () => {
    const { address } = stage.account(LABELS.patient)
    for (const wrong of [{ origin: 'https://evil.example' }, { chainId: slugToOrganisationId('SN_MAIN') }]) {
      const { nonce, expiresAtS } = await challenge(stage.origin, address)
      const known = { chainId: stage.deployment.chainId, origin: 'http://127.0.0.1:18100', account: address, expiresAtS }
      const typedData = signInTypedData({ ...known, nonce: felt(nonce), ...wrong })
      const signature = await sign(rpcUrl, stage.accounts, LABELS.patient, typedData)
      expect(await answerTo(address, nonce, signature)).toEqual([401, 'auth/bad-signature'])
    }
  })

  test('error: the nonce of another account', async () => {
    const mine = stage.account(LABELS.patient).address
    const theirs = await challenge(stage.origin, stage.account(LABELS.otherPatient).address)
    const signature = await sign(rpcUrl, stage.accounts, LABELS.patient, theirs.typedData)
    expect(await answerTo(mine, theirs.nonce, signature)).toEqual([401, 'auth/nonce-unknown'])
  })

  test('error: an account that is not on the chain, and a contract that is no account', async () => {
    const nowhere = '0x123456'
    const { nonce } = await challenge(stage.origin, felt(nowhere))
    expect(await answerTo(nowhere, nonce, ['0x1', '0x2'])).toEqual([401, 'auth/account-not-deployed'])
    const token = stage.deployment.tokens[0]?.address ?? felt(1)
    const forToken = await challenge(stage.origin, token)
    expect(await answerTo(token, forToken.nonce, ['0x1', '0x2'])).toEqual([401, 'auth/bad-signature'])
  })

  test('error: a sign-in sent by the page of another site', async () => {
    const { address } = stage.account(LABELS.patient)
    const { nonce, typedData } = await challenge(stage.origin, address)
    const signature = await sign(rpcUrl, stage.accounts, LABELS.patient, typedData)
    expect(await answerTo(address, nonce, signature, { origin: 'http://127.0.0.1:18101' })).toEqual([403, 'auth/other-origin'])
  })
})

describe('the access token', () => {
  test('ends after ten minutes', async () => {
    const { session } = await stage.signIn(LABELS.patient)
    expect(await withToken(session.accessToken)).toEqual([200, ''])
    stage.pass(600)
    expect(await withToken(session.accessToken)).toEqual([401, 'auth/token-expired'])
  })

  test('says who it is for, and nothing of what they may do', async () => {
    const { session } = await stage.signIn(LABELS.mercy)
    expect(Object.keys(decodeJwt(session.accessToken)).sort()).toEqual(['aud', 'chain', 'exp', 'iat', 'iss', 'sub'])
  })

  test('error: changed, unsigned, or signed by another key', async () => {
    const { session } = await stage.signIn(LABELS.patient)
    const [head = '', body = '', signature = ''] = session.accessToken.split('.')
    const claims = decodeJwt(session.accessToken)
    const forged = base64url.encode(JSON.stringify({ ...claims, sub: stage.account(LABELS.mercy).address }))
    const none = base64url.encode(JSON.stringify({ alg: 'none', typ: 'at+jwt' }))
    const hmac = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' }).sign(Buffer.alloc(32, 7))
    const otherKey = createPrivateKey({
      key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 1)]),
      format: 'der',
      type: 'pkcs8',
    })
    const strange = await new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' }).sign(otherKey)
    for (const token of [`${head}.${forged}.${signature}`, `${none}.${body}.`, `${head}.${body}.`, hmac, strange, 'x', '']) {
      const [status, code] = await withToken(token)
      expect([status, ['auth/token-invalid', 'auth/required'].includes(code)]).toEqual([401, true])
    }
  })

  test('error: one that this key signed for another site, another chain or another use', async () => {
    const { session } = await stage.signIn(LABELS.patient)
    const claims = decodeJwt(session.accessToken)
    const seed = stage.gateway.keys.shared('access-token-ed25519')
    const key = createPrivateKey({
      key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
      format: 'der',
      type: 'pkcs8',
    })
    const issue = (changed: Record<string, unknown>, typ = 'at+jwt'): Promise<string> =>
      new SignJWT({ ...claims, ...changed }).setProtectedHeader({ alg: 'EdDSA', typ }).sign(key)
    expect(await withToken(await issue({}))).toEqual([200, ''])
    for (const token of [
      await issue({ iss: 'https://evil.example' }),
      await issue({ aud: 'other' }),
      await issue({ chain: '0x1' }),
      await issue({ sub: 'nobody' }),
      await issue({}, 'JWT'),
    ]) {
      expect(await withToken(token)).toEqual([401, 'auth/token-invalid'])
    }
  })
})

describe('staying signed in', () => {
  const refresh = (cookie: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${stage.origin}/api/auth/refresh`, { method: 'POST', headers: { cookie, origin: 'http://127.0.0.1:18100', ...headers } })
  const cookieOf = (answer: Response): string => (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''

  test('the cookie cannot be read by scripts, nor sent by other sites, nor anywhere but to the sign-in calls', async () => {
    const { address } = stage.account(LABELS.patient)
    const { nonce, typedData } = await challenge(stage.origin, address)
    const signature = await sign(rpcUrl, stage.accounts, LABELS.patient, typedData)
    const answer = await post(`${stage.origin}/api/auth/session`, { account: address, nonce, signature })
    expect(answer.headers.getSetCookie()[0]).toMatch(/; Path=\/api\/auth; Expires=[^;]+; HttpOnly; SameSite=Strict$/)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  test('each refresh gives a new cookie and a new token', async () => {
    const client = await stage.signIn(LABELS.patient)
    const first = await refresh(client.cookie)
    expect(sessionSchema.parse(await first.json()).account).toBe(client.session.account)
    expect(cookieOf(first)).not.toBe(client.cookie)
    expect((await refresh(cookieOf(first))).status).toBe(200)
  })

  test('error: a used cookie ends the sign-in, for the thief and for the owner', async () => {
    const client = await stage.signIn(LABELS.patient)
    const next = await refresh(client.cookie)
    stage.pass(31)
    const stolen = await refresh(client.cookie)
    expect(await codeOf(stolen)).toEqual([401, 'auth/token-invalid'])
    expect(cookieOf(stolen)).toBe('medsync_refresh=')
    expect(await codeOf(await refresh(cookieOf(next)))).toEqual([401, 'auth/token-invalid'])
  })

  test('another sign-in of the same account is not ended by it', async () => {
    const one = await stage.signIn(LABELS.patient)
    const other = await stage.signIn(LABELS.patient)
    await refresh(one.cookie)
    stage.pass(31)
    expect((await refresh(one.cookie)).status).toBe(401)
    expect((await refresh(other.cookie)).status).toBe(200)
  })

  test('error: signed out, expired, unknown, none', async () => {
    const client = await stage.signIn(LABELS.patient)
    const out = await fetch(`${stage.origin}/api/auth/sign-out`, { method: 'POST', headers: { cookie: client.cookie } })
    expect(out.status).toBe(204)
    expect(await codeOf(await refresh(client.cookie))).toEqual([401, 'auth/token-invalid'])
    const old = await stage.signIn(LABELS.patient)
    stage.pass(7 * 86_400)
    expect(await codeOf(await refresh(old.cookie))).toEqual([401, 'auth/token-expired'])
    expect(await codeOf(await refresh('medsync_refresh=AAAA'))).toEqual([401, 'auth/token-invalid'])
    expect(await codeOf(await refresh(''))).toEqual([401, 'auth/required'])
  })

  test('error: a refresh that the page of another site sends changes nothing', async () => {
    const client = await stage.signIn(LABELS.patient)
    expect(await codeOf(await refresh(client.cookie, { origin: 'http://127.0.0.1:18101' }))).toEqual([403, 'auth/other-origin'])
    expect(await codeOf(await refresh(client.cookie, { 'sec-fetch-site': 'same-site' }))).toEqual([403, 'auth/other-origin'])
    expect((await refresh(client.cookie)).status).toBe(200)
  })

  test('the database has neither a cookie nor a token in clear', async () => {
    const client = await stage.signIn(LABELS.patient)
    const secret = client.cookie.split('=')[1] ?? ''
    const said = [...(await stage.everyRow()), ...stage.log]
    expect(said.filter((text) => text.includes(secret) || text.includes(client.session.accessToken))).toEqual([])
  })
})

describe('an operator who is suspended or removed', () => {
  test('loses access at once, with the token they have', async () => {
    const client = await stage.signIn(LABELS.mercy)
    expect((await client.json('GET', '/hospital/records')).status).toBe(200)
    await stage.governance.suspend('mercy')
    expect(await client.json('GET', '/hospital/records')).toMatchObject({ status: 403, body: { code: 'auth/suspended' } })
    const refreshed = await fetch(`${stage.origin}/api/auth/refresh`, { method: 'POST', headers: { cookie: client.cookie } })
    expect(await codeOf(refreshed)).toEqual([403, 'auth/suspended'])
    await stage.governance.reinstate('mercy')
    expect((await client.json('GET', '/hospital/records')).status).toBe(200)
    await stage.governance.removeOperator(LABELS.mercy)
    expect(await client.json('GET', '/hospital/records')).toMatchObject({ status: 403, body: { code: 'auth/forbidden' } })
    await stage.governance.addOperator('mercy', LABELS.mercy)
  })

  test('error: cannot sign in', async () => {
    await stage.governance.suspend('mercy')
    const { address } = stage.account(LABELS.mercy)
    const { nonce, typedData } = await challenge(stage.origin, address)
    const signature = await sign(rpcUrl, stage.accounts, LABELS.mercy, typedData)
    expect(await answerTo(address, nonce, signature)).toEqual([403, 'auth/suspended'])
    await stage.governance.reinstate('mercy')
  })
})
