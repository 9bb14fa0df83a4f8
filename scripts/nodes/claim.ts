import { ChoreError } from '../choreError.ts'

/** What a node is spoken to with. */
interface Access {
  url: string
  username: string
  password: string
}

/**
 * Signs in: the first who does so on a fresh node becomes its owner, so that this follows its start at once.
 * @throws {ChoreError} `node/foreign` when another password owns it.
 */
export async function claim({ url, username, password }: Access): Promise<void> {
  const response = await fetch(`${url}/auth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(10_000),
    body: JSON.stringify({
      auth_method: 'user_password',
      public_key: username,
      client_name: 'medsync',
      timestamp: Math.floor(Date.now() / 1_000),
      provider_data: { username, password },
    }),
  })
  await response.arrayBuffer()
  if (response.ok) return
  throw new ChoreError(
    'node/foreign',
    `The node at ${url} does not take the password of its folder (${response.status}).`,
    'Another password owns it: put back its node.json, or take another folder.',
  )
}
