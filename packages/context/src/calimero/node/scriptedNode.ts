import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { NodeAccess } from './nodeAccess.ts'

/** What a scripted node answers to one request; `break off` and `silence` are what they say. */
export type ScriptedAnswer = { readonly status: number; readonly body?: unknown } | 'break off' | 'silence'

/** One request that it got. */
export type ScriptedRequest = { readonly path: string; readonly token: string | undefined; readonly body: unknown }

/** Stands in for a node in tests of what speaks with one. */
export type ScriptedNode = {
  readonly access: NodeAccess
  readonly requests: readonly ScriptedRequest[]
  close(): Promise<void>
}

/** Starts it on a free port of the loopback address. */
export async function startScriptedNode(answer: (request: ScriptedRequest, count: number) => ScriptedAnswer): Promise<ScriptedNode> {
  const requests: ScriptedRequest[] = []
  const server = createServer(async (incoming, outgoing) => {
    const request = await read(incoming)
    requests.push(request)
    const count = requests.filter(({ path }) => path === request.path).length
    send(outgoing, answer(request, count))
  })
  const listening = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', listening.resolve)
  await listening.promise
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new TypeError('It has no port.')
  return {
    access: { url: `http://127.0.0.1:${address.port}`, username: 'medsync', password: 'its password' },
    requests,
    close: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function read(incoming: IncomingMessage): Promise<ScriptedRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  const token = incoming.headers.authorization?.replace('Bearer ', '')
  return { path: incoming.url ?? '', token, body: text === '' ? undefined : JSON.parse(text) }
}

function send(outgoing: ServerResponse, answer: ScriptedAnswer): void {
  if (answer === 'silence') return
  if (answer === 'break off') return void outgoing.destroy()
  outgoing.writeHead(answer.status, { 'content-type': 'application/json' })
  outgoing.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {}))
}
