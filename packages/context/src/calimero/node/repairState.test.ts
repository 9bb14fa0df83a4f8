import { expect, onTestFinished, test } from 'vitest'
import { NodeClient } from './nodeClient.ts'
import { requestComparison, requestReplacement } from './repairState.ts'
import { type ScriptedAnswer, startScriptedNode } from './scriptedNode.ts'

async function nodeThat(answer: ScriptedAnswer) {
  const node = await startScriptedNode(({ path }) =>
    path === '/auth/token' ? { status: 200, body: { data: { access_token: 't' } } } : answer,
  )
  onTestFinished(() => node.close())
  return { node, client: new NodeClient(node.access) }
}

test('a comparison and a replacement are asked for by their own requests, of one context', async () => {
  const { node, client } = await nodeThat({ status: 200, body: { data: null } })
  await requestComparison(client, 'c')
  await requestReplacement(client, 'c')
  const [, comparison, replacement] = node.requests
  expect(comparison).toMatchObject({ path: '/admin-api/contexts/sync/c', body: {} })
  expect(replacement).toMatchObject({ path: '/admin-api/contexts/c/resync', body: { force: true } })
})

test('error: a node that refuses, or does not answer in time, is told', async () => {
  const refusing = await nodeThat({ status: 500, body: { error: 'not in a group' } })
  await expect(requestReplacement(refusing.client, 'c')).rejects.toMatchObject({ code: 'context/node-failed' })
  const silent = await nodeThat('silence')
  await expect(requestComparison(silent.client, 'c', { timeoutMs: 50 })).rejects.toMatchObject({ code: 'context/node-away' })
})
