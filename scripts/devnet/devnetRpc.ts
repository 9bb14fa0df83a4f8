import { ChoreError } from '../choreError.ts'

/**
 * One JSON-RPC call to a local node. For the `devnet_` methods, which no library knows.
 * @throws {ChoreError} `devnet/refused` with the node's own message.
 */
export async function devnetRpc(url: string, method: string, params: object = {}): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(60_000),
  })
  const parsed: unknown = await answer.json()
  if (typeof parsed === 'object' && parsed !== null && 'result' in parsed) return parsed.result
  throw new ChoreError('devnet/refused', `The local node refused ${method}: ${JSON.stringify(parsed)}`, 'Look at its log.')
}

/** Whether the node at this address answers. */
export async function isAlive(url: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/is_alive', url), { signal: AbortSignal.timeout(1_000) })
    return answer.ok
  } catch {
    return false
  }
}
