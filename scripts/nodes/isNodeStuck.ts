import type { NodeAccess } from '@medsync/context/calimero'
import * as z from 'zod'

const QUICK_MS = 10_000
const signedInSchema = z.object({ data: z.object({ access_token: z.string() }) })
const contextsSchema = z.object({ data: z.object({ contexts: z.array(z.object({ id: z.string() })) }) })

/**
 * Whether a node lives and yet answers no call of one of its circles: rc.4 can get into such a state, after many calls at once while another
 * node goes away, and only a new start ends it.
 * @param patienceMs - Longer than a sync that got stuck, which is given up after 30 s and is no such state.
 */
export async function isNodeStuck(access: NodeAccess, patienceMs: number): Promise<boolean> {
  try {
    const token = await signIn(access)
    const { data } = contextsSchema.parse(await ask(`${access.url}/admin-api/contexts`, QUICK_MS, token))
    const answers = await Promise.all(data.contexts.map(({ id }) => isCallAnswered(access.url, id, token, patienceMs)))
    return answers.includes(false)
  } catch (failure) {
    // A node that is away is not stuck: who started it sees it end.
    if (failure instanceof Error) return false
    throw failure
  }
}

async function isCallAnswered(url: string, contextId: string, token: string, patienceMs: number): Promise<boolean> {
  const body = { jsonrpc: '2.0', id: 1, method: 'execute', params: { contextId, method: 'whoami', argsJson: {} } }
  try {
    await ask(`${url}/jsonrpc`, patienceMs, token, body)
    return true
  } catch (failure) {
    if (failure instanceof Error && failure.name === 'TimeoutError') return false
    throw failure
  }
}

async function signIn({ url, username, password }: NodeAccess): Promise<string> {
  const provider_data = { username, password }
  const now = { timestamp: Math.floor(Date.now() / 1_000) }
  const body = { auth_method: 'user_password', public_key: username, client_name: 'medsync', ...now, provider_data }
  return signedInSchema.parse(await ask(`${url}/auth/token`, QUICK_MS, undefined, body)).data.access_token
}

async function ask(url: string, timeoutMs: number, token?: string, body?: unknown): Promise<unknown> {
  const response = await fetch(url, {
    headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
  return await response.json()
}
