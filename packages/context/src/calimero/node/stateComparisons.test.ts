import { expect, onTestFinished, test } from 'vitest'
import { NodeClient } from './nodeClient.ts'
import { type ScriptedAnswer, startScriptedNode } from './scriptedNode.ts'
import { readComparisons, stateComparisons } from './stateComparisons.ts'

/** As a real node wrote it, shortened. */
const METRICS = `# TYPE sync_successes counter
sync_successes_total{protocol="HashComparison"} 7
sync_successes_total{protocol="None"} 31
sync_successes_total{protocol="Snapshot"} 1
sync_failures_total{protocol="unknown"} 4
sync_root_hash_divergence_detected_total_total 2
`

async function nodeThat(answer: ScriptedAnswer): Promise<NodeClient> {
  const node = await startScriptedNode(({ path }) =>
    path === '/auth/token' ? { status: 200, body: { data: { access_token: 't' } } } : answer,
  )
  onTestFinished(() => node.close())
  return new NodeClient(node.access)
}

test('a node’s metrics say how often its state was equal to another node’s, and how often not', async () => {
  const client = await nodeThat({ status: 200, body: METRICS })
  expect(await stateComparisons(client)).toEqual({ equal: 31, different: 8 })
})

test('a node that has not compared yet has zero of both', () => {
  expect(readComparisons('# EOF\n')).toEqual({ equal: 0, different: 0 })
})

test.each(['sync_successes_total{protocol="None"} -1', 'sync_successes_total{protocol="None"} 1e9', 'x'.repeat(100_000)])(
  'error: what no node writes counts for nothing: %.60s',
  (text) => {
    expect(readComparisons(text)).toEqual({ equal: 0, different: 0 })
  },
)

test('error: a node without metrics, or with more than any node has', async () => {
  await expect(stateComparisons(await nodeThat({ status: 404 }))).rejects.toMatchObject({ code: 'context/node-failed' })
  const endless = await nodeThat({ status: 200, body: 'x'.repeat(4_194_305) })
  await expect(stateComparisons(endless)).rejects.toMatchObject({ code: 'context/node-failed' })
})
