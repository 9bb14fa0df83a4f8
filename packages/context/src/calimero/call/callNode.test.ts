import { expect, onTestFinished, test } from 'vitest'
import { NodeClient } from '../node/nodeClient.ts'
import { type ScriptedAnswer, type ScriptedNode, startScriptedNode } from '../node/scriptedNode.ts'
import { callNode } from './callNode.ts'
import { encodeCall } from './encodeCall.ts'

const CALL = { method: 'whoami', json: encodeCall('c', 'whoami', {}) }

/** A node that answers calls in this order, and the last one from then on. */
async function nodeWith(...answers: ScriptedAnswer[]): Promise<{ client: NodeClient; calls: () => number; node: ScriptedNode }> {
  const node = await startScriptedNode(({ path }, count) => {
    if (path === '/auth/token') return { status: 200, body: { data: { access_token: 't' } } }
    return answers[Math.min(count, answers.length) - 1] ?? 'silence'
  })
  onTestFinished(() => node.close())
  return { node, client: new NodeClient(node.access), calls: () => node.requests.filter(({ path }) => path === '/jsonrpc').length }
}

function result(output: unknown): ScriptedAnswer {
  return { status: 200, body: { jsonrpc: '2.0', id: 1, result: { output } } }
}

function error(type: string, data?: unknown): ScriptedAnswer {
  return { status: 200, body: { jsonrpc: '2.0', id: 1, error: { type, data } } }
}

test('what the method answers comes back; nothing is null', async () => {
  const { client } = await nodeWith(result({ is_member: true }), { status: 200, body: { id: 1, result: {} } })
  expect(await callNode(client, CALL)).toEqual({ is_member: true })
  expect(await callNode(client, CALL)).toBeNull()
})

test('a call is sent again while state or key are on their way, and when the node breaks off or is too slow', async () => {
  for (const passing of [error('Uninitialized'), error('GroupKeyPending', { context_id: 'c' }), 'break off' as const]) {
    const { client, calls } = await nodeWith(passing, result(true))
    expect(await callNode(client, CALL)).toBe(true)
    expect(calls()).toBe(2)
  }
})

test('error: what does not pass by itself is told at once', async () => {
  for (const lasting of [error('ContextNotFound'), error('InternalError'), error('FunctionCallError', 'stack overflow'), { status: 500 }]) {
    const { client, calls } = await nodeWith(lasting, result(true))
    await expect(callNode(client, CALL)).rejects.toThrow()
    expect(calls()).toBe(1)
  }
})

test('error: a node that is not there is told at once, and one that was there when its time is over', async () => {
  const { client, node } = await nodeWith('silence')
  await expect(callNode(client, CALL, { timeoutMs: 300 })).rejects.toMatchObject({ code: 'context/node-away', silence: 'too slow' })
  await node.close()
  await expect(callNode(client, CALL)).rejects.toMatchObject({ code: 'context/node-away', silence: 'unreachable' })
})

test('error: state that does not come is told when its time is over', async () => {
  const { client, calls } = await nodeWith(error('Uninitialized'))
  await expect(callNode(client, CALL, { timeoutMs: 600 })).rejects.toMatchObject({ code: 'context/node-not-ready', isPassing: true })
  expect(calls()).toBeGreaterThan(1)
})

test('a signal ends also the waiting between two tries', async () => {
  const { client } = await nodeWith(error('Uninitialized'))
  const stop = new AbortController()
  const call = callNode(client, CALL, { signal: stop.signal })
  setTimeout(() => stop.abort(new Error('enough')), 50)
  await expect(call).rejects.toThrow('enough')
})

test('error: more than a node takes as one request is not sent, and where it is taken for more, it is the same error', async () => {
  expect(() => encodeCall('c', 'm', { value: 'x'.repeat(2_097_152) })).toThrow('m: arguments, at most 2097152')
  const { client } = await nodeWith({ status: 413, body: 'Failed to buffer the request body: length limit exceeded' })
  await expect(callNode(client, CALL)).rejects.toMatchObject({ name: 'LimitError', limit: 'arguments' })
})
