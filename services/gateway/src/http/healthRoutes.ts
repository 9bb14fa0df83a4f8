import { readySchema } from '@medsync/protocol'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import * as z from 'zod'
import type { Gateway } from '../composition.ts'

/** GET /health: the process answers. GET /ready: it can decide and release now; 503 when not. */
export async function healthRoutes(app: FastifyInstance, { gateway }: { gateway: Gateway }): Promise<void> {
  const typed = app.withTypeProvider<ZodTypeProvider>()
  typed.get('/health', { schema: { tags: ['health'], response: { 200: z.object({ status: z.literal('alive') }) } } }, async () => ({
    status: 'alive' as const,
  }))
  typed.get('/ready', { schema: { tags: ['health'], response: { 200: readySchema, 503: readySchema } } }, async (_request, reply) => {
    const checks = {
      database: await gateway.database.isAlive(),
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
