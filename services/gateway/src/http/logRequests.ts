import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyRequest {
    /** Code of the failure that was answered, for the log. */
    failureCode: string | null
  }
}

/** One line for each answered request: ids, route pattern, status, time. Never an address as typed, a query, a body or a header. */
export function logRequests(app: FastifyInstance): void {
  app.decorateRequest('failureCode', null)
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        event: 'http.answered',
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        ...(request.failureCode === null ? {} : { code: request.failureCode }),
        ...(request.session === null ? {} : { account: request.session.account }),
      },
      'answered',
    )
  })
}
