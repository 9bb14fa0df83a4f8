import type { CallOptions } from '../../engine/contextEngine.ts'
import { NodeFailedError } from '../../engine/nodeErrors.ts'
import type { NodeClient } from './nodeClient.ts'

/**
 * What came of a node's comparisons of its state with other nodes since it started. It makes one every 10 s, each with one other node, and one
 * whenever it is asked to synchronise.
 */
export type StateComparisons = {
  /** Both had the same state. */
  readonly equal: number
  /** They had not; the node then took over what it lacked, as far as it could. */
  readonly different: number
}

const WHAT = 'the state’s comparisons'
/** A node of three months had 60 KB; what is beyond is no node's. */
const MOST_CHARACTERS = 4_194_304
const MOST_LABELS = 16
/** How the node names a comparison that found nothing to do. */
const NOTHING_TO_DO = 'None'
const LINE = /^sync_successes_total\{protocol="([A-Za-z]{1,32})"\} (\d{1,15})$/gm

/**
 * Reads them from the node's own metrics: no other question of rc.4 tells it, and none asks anybody else.
 * @throws {NodeFailedError} The node has no metrics, or more than any node.
 * @source calimero-node 0.11.0-rc.4, `sync/prometheus_metrics.rs`.
 */
export async function stateComparisons(
  client: NodeClient,
  options: CallOptions & { readonly timeoutMs?: number } = {},
): Promise<StateComparisons> {
  const { status, text } = await client.send({ path: '/metrics', ...options })
  if (status !== 200 || text.length > MOST_CHARACTERS) throw new NodeFailedError(WHAT, status)
  return readComparisons(text)
}

/** Adds up what the text of the metrics says; nothing is zero. */
export function readComparisons(text: string): StateComparisons {
  let equal = 0
  let different = 0
  for (const [, protocol, count] of [...text.matchAll(LINE)].slice(0, MOST_LABELS)) {
    if (protocol === NOTHING_TO_DO) equal += Number(count)
    else different += Number(count)
  }
  return { equal, different }
}
