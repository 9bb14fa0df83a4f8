import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { errorWords, readySchema } from '@medsync/protocol'
import type * as z from 'zod'
import type { GatewayEnv } from '../env.ts'

const { what, hint, status } = errorWords['server/standby']
const RETRY_S = 5
const ready: z.output<typeof readySchema> = readySchema.parse({
  status: 'standby',
  checks: { database: true, chain: false, caughtUp: false, context: false },
  reason: `${what} ${hint}`,
})

/** Answers in the place of a gateway that stands by: that it is alive, why it is not ready, and 503 to everything else. */
export class StandbyServer {
  readonly #address: { readonly host: string; readonly port: number }
  #server: Server | undefined

  constructor({ GATEWAY_HOST: host, GATEWAY_PORT: port }: Pick<GatewayEnv, 'GATEWAY_HOST' | 'GATEWAY_PORT'>) {
    this.#address = { host, port }
  }

  /** Begins to listen where the gateway will. */
  async open(): Promise<void> {
    const server = createServer(answer)
    this.#server = server
    server.listen(this.#address)
    await once(server, 'listening')
  }

  /** Leaves the port to the gateway; does nothing when it never listened. */
  async close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

function answer({ url = '', method }: IncomingMessage, response: ServerResponse): void {
  const path = url.split('?')[0]
  const isAsked = method === 'GET' || method === 'HEAD'
  if (isAsked && path === '/health') send(response, 200, { status: 'alive' })
  else if (isAsked && path === '/ready') send(response, 503, ready)
  else send(response, status ?? 503, { code: 'server/standby', message: what, hint, id: randomUUID() })
}

function send(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
    ...(code === 503 ? { 'retry-after': String(RETRY_S) } : {}),
  })
  response.end(JSON.stringify(body))
}
