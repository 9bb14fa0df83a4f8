import * as z from 'zod'
import type { Seat } from '../../scripts/nodes/startNodes.ts'

const signedInSchema = z.object({ data: z.object({ access_token: z.string() }) })
const answerSchema = z.object({ result: z.object({ output: z.unknown() }).optional(), error: z.unknown().optional() })

/** Calls a method on a node as its owner can without our client, also one that is in no ABI of ours. @returns Its answer, or the error. */
export async function callAround(seat: Seat, contextId: string, method: string, argsJson: Record<string, unknown>): Promise<unknown> {
  const { url, username, password } = seat.node.access
  const credentials = { username, password }
  const signIn = { auth_method: 'user_password', public_key: username, client_name: 'test', timestamp: 0, provider_data: credentials }
  const { data } = signedInSchema.parse(await post(`${url}/auth/token`, { ...signIn, timestamp: Math.floor(Date.now() / 1_000) }))
  const body = { jsonrpc: '2.0', id: 1, method: 'execute', params: { contextId, method, argsJson } }
  const answer = answerSchema.parse(await post(`${url}/jsonrpc`, body, data.access_token))
  return answer.result === undefined ? { error: answer.error } : answer.result.output
}

async function post(url: string, body: unknown, token?: string): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  })
  return await response.json()
}
