import { readySchema } from '@medsync/protocol'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import * as z from 'zod'
import type { Gateway } from '../composition.ts'

/** How long an answer of the database counts. Nobody is limited in asking, and the database has other work. */
const DATABASE_MS = 500

/** GET /health: the process answers. GET /ready: it can decide and release now; 503 when not. */
export async function healthRoutes(app: FastifyInstance, { gateway }: { gateway: Gateway }): Promise<void> {
  const typed = app.withTypeProvider<ZodTypeProvider>()
  let asked: { readonly atMs: number; readonly isAlive: Promise<boolean> } | undefined
  const isDatabaseAlive = async (): Promise<boolean> => {
    const nowMs = performance.now()
    if (asked === undefined || nowMs - asked.atMs > DATABASE_MS) asked = { atMs: nowMs, isAlive: gateway.database.isAlive() }
    return await asked.isAlive
  }
  typed.get('/health', { schema: { tags: ['health'], response: { 200: z.object({ status: z.literal('alive') }) } } }, async () => ({
    status: 'alive' as const,
  }))
  typed.get('/ready', { schema: { tags: ['health'], response: { 200: readySchema, 503: readySchema } } }, async (_request, reply) => {
    const checks = {
      database: await isDatabaseAlive(),
      chain: gateway.chainHealth.isReachable(),
      caughtUp: gateway.chainHealth.isCaughtUp(),
      context: gateway.bridge.isReachable(),
    }
    const network = gateway.nodeWatch.worst()
    const isReady = Object.values(checks).every((isGood) => isGood)
    const { setAside } = gateway.chain
    const told = setAside === 0 ? {} : { setAsideEvents: setAside }
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not-ready', checks, network, ...told })
  })
}
