import { inspect } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import * as z from 'zod'
import { claimNode } from './claimNode.ts'
import { NodeClient } from './nodeClient.ts'
import { type ScriptedAnswer, type ScriptedNode, type ScriptedRequest, startScriptedNode } from './scriptedNode.ts'

const PEERS = { what: 'its peers', path: '/admin-api/peers', schema: z.object({ count: z.number() }) }

/** A node that gives `token 1`, `token 2`, … and takes only the last one. */
async function nodeWith(answer: (request: ScriptedRequest, count: number) => ScriptedAnswer): Promise<ScriptedNode> {
  let given = 0
  const node = await startScriptedNode((request, count) => {
    if (request.path !== '/auth/token') return answer(request, count)
    given += 1
    return { status: 200, body: { data: { access_token: `token ${given}` } } }
  })
  onTestFinished(() => node.close())
  return node
}

function signIns(node: ScriptedNode): number {
  return node.requests.filter(({ path }) => path === '/auth/token').length
}

test('it signs in once for all that is asked at the same time, with its password, and keeps the token', async () => {
  const node = await nodeWith(() => ({ status: 200, body: { count: 2 } }))
  const client = new NodeClient(node.access)
  expect(await Promise.all([1, 2, 3].map(() => client.ask(PEERS)))).toEqual([{ count: 2 }, { count: 2 }, { count: 2 }])
  await client.ask(PEERS)
  expect(signIns(node)).toBe(1)
  expect(node.requests[0]?.body).toMatchObject({ auth_method: 'user_password', provider_data: { password: 'its password' } })
  expect(node.requests.slice(1).map(({ token }) => token)).toEqual(Array(4).fill('token 1'))
})

test('when the token is taken no more it gets another, once for all, and asks again', async () => {
  const node = await nodeWith(({ token }) => (token === 'token 1' ? { status: 401 } : { status: 200, body: { count: 1 } }))
  const client = new NodeClient(node.access)
  expect(await Promise.all([client.ask(PEERS), client.ask(PEERS)])).toEqual([{ count: 1 }, { count: 1 }])
  expect(signIns(node)).toBe(2)
})

test('error: a password that is not the node’s, when claiming it or asking', async () => {
  const node = await startScriptedNode(() => ({ status: 401, body: { error: 'Invalid username or password' } }))
  onTestFinished(() => node.close())
  const said = 'The Calimero node does not take this password. Give the one that owns the node; it is in the node’s own folder.'
  await expect(claimNode(node.access)).rejects.toThrow(said)
  await expect(new NodeClient(node.access).ask(PEERS)).rejects.toThrow(said)
})

test('error: a node that takes none of its own tokens refuses', async () => {
  const node = await nodeWith(() => ({ status: 401 }))
  await expect(new NodeClient(node.access).ask(PEERS)).rejects.toMatchObject({ name: 'NodeRefusedError', code: 'context/node-refused' })
  expect(signIns(node)).toBe(2)
})

test('error: a node that is away, breaks off, or is too slow', async () => {
  const node = await nodeWith((_request, count) => (count === 1 ? 'break off' : 'silence'))
  const client = new NodeClient(node.access)
  await expect(client.ask(PEERS)).rejects.toMatchObject({ name: 'NodeAwayError', silence: 'broke off' })
  await expect(client.ask({ ...PEERS, timeoutMs: 50 })).rejects.toMatchObject({ silence: 'too slow' })
  await node.close()
  await expect(client.ask(PEERS)).rejects.toMatchObject({ silence: 'unreachable', code: 'context/node-away' })
})

test('a signal ends the waiting with its own reason', async () => {
  const node = await nodeWith(() => 'silence')
  const stop = new AbortController()
  const asked = new NodeClient(node.access).ask({ ...PEERS, signal: stop.signal })
  setTimeout(() => stop.abort(new Error('enough')), 20)
  await expect(asked).rejects.toThrow('enough')
})

test('error: a refusal and an answer of another shape are told without their words', async () => {
  const node = await nodeWith((_request, count) =>
    count === 1 ? { status: 500, body: { error: 'marked' } } : { status: 200, body: { count: 'marked' } },
  )
  const client = new NodeClient(node.access)
  for (const said of ['(its peers: 500)', '(its peers, an answer of another shape at "count": 200)']) {
    const failure = await client.ask(PEERS).catch((error: unknown) => error)
    expect(String(failure)).toContain(said)
    expect(inspect(failure)).not.toContain('marked')
  }
})

test.each([
  'http://192.0.2.1:2528',
  'https://127.0.0.1:2528',
  'http://127.0.0.1',
  'http://127.0.0.1:2528@192.0.2.1:80',
  'http://127.0.0.1:99999',
  '',
])('error: %j is no address of this machine, and nothing is sent there', (url) => {
  expect(() => new NodeClient({ url, username: 'u', password: 'p' })).toThrow('A Calimero node is spoken to on its own machine only.')
})

test('neither password nor token is in what a client shows of itself', async () => {
  const node = await nodeWith(() => ({ status: 200, body: { count: 0 } }))
  const client = new NodeClient(node.access)
  await client.ask(PEERS)
  expect(inspect(client, { depth: 10 }) + JSON.stringify(client)).not.toMatch(/its password|token 1/)
})
