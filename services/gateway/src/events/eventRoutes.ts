import type { PassThrough } from 'node:stream'
import type { FastifyTypeProviderDefault } from 'fastify'
import * as z from 'zod'
import { requireSignedIn, signedIn } from '../auth/guards.ts'
import { RateLimitError } from '../gatewayErrors.ts'
import { failures, GUARDED } from '../http/failures.ts'
import type { Routes } from '../server.ts'
import { openEventStream } from './eventStream.ts'

const STREAMS_AN_ACCOUNT = 10
const headers = z.looseObject({ 'last-event-id': z.string().max(64).optional() })

/** GET /events: live events of the signed-in account, ended when the token ends; come back with a new one and `Last-Event-ID`. */
export const eventRoutes: Routes = async (app, { gateway }) => {
  const open = new Map<PassThrough, string>()

  // The answer is a stream, which no schema can type.
  app.withTypeProvider<FastifyTypeProviderDefault>().get<{ Headers: { 'last-event-id'?: string } }>(
    '/events',
    {
      onRequest: requireSignedIn(gateway),
      schema: {
        tags: ['events'],
        description: 'Server-sent events; `data` is a LiveEvent. Ids only: load what changed.',
        headers,
        response: {
          200: { description: 'text/event-stream', content: { 'text/event-stream': { schema: z.string() } } },
          ...failures(...GUARDED),
        },
      },
    },
    async (request, reply) => {
      const session = signedIn(request)
      if ([...open.values()].filter((account) => account === session.account).length >= STREAMS_AN_ACCOUNT) throw new RateLimitError()
      const forMs = (session.expiresAtS - gateway.clock.nowS()) * 1_000
      const stream = openEventStream(session, gateway, { lastId: request.headers['last-event-id'], forMs })
      open.set(stream, session.account)
      stream.once('close', () => open.delete(stream))
      request.raw.once('close', () => stream.destroy())
      // A stream that ends takes its connection along, so that a gateway that stops need not wait for it.
      return reply.header('connection', 'close').header('x-accel-buffering', 'no').type('text/event-stream').send(stream)
    },
  )

  app.addHook('preClose', async () => {
    for (const stream of open.keys()) stream.end()
  })
}
