import {
  feltSchema,
  fileRequestBodySchema,
  fileRequestSchema,
  pageQuerySchema,
  type RequestId,
  releaseSchema,
  requestIdSchema,
  requestsSchema,
} from '@medsync/protocol'
import * as z from 'zod'
import { RequestError } from '../access/accessErrors.ts'
import { deliverRelease } from '../access/deliverRelease.ts'
import { requireStaff, staff } from '../auth/guards.ts'
import { NotFoundError } from '../gatewayErrors.ts'
import { failures, GUARDED } from '../http/failures.ts'
import { readSequence, writeSequence } from '../http/sequenceCursor.ts'
import type { Routes } from '../server.ts'
import { fileRequest } from './fileRequest.ts'
import { requestsOfOffice } from './requestsOfOffice.ts'
import { requestViews } from './requestViews.ts'

const requestNumber = z.coerce
  .number()
  .pipe(z.number().int().positive())
  .transform((number): RequestId => requestIdSchema.parse(number))
const ofRequest = z.object({ request: requestNumber })

/** Requests, as the research office that makes them and the hospital that is asked see them, and the data that answers them. */
export const requestsRoutes: Routes = async (app, { gateway }) => {
  const research = requireStaff(gateway, 'research')
  app.post(
    '/research/requests',
    {
      onRequest: research,
      schema: {
        tags: ['research'],
        body: fileRequestBodySchema,
        response: {
          200: fileRequestSchema,
          ...failures(...GUARDED, 'request/other-requester', 'request/mismatch', 'request/no-key', 'input/not-found', 'chain/unreachable'),
        },
      },
    },
    async (request) => {
      gateway.chain.requireFresh()
      const { account, participant, tenant } = staff(request)
      await fileRequest(gateway, { account, office: participant.organisation, tenant }, request.body)
      return { digest: request.body.digest }
    },
  )

  app.get(
    '/research/requests',
    {
      onRequest: research,
      schema: { tags: ['research'], querystring: pageQuerySchema, response: { 200: requestsSchema, ...failures(...GUARDED) } },
    },
    async (request) => {
      const { participant, tenant } = staff(request)
      return await requestsOfOffice(gateway, { office: participant.organisation, tenant: tenant.slug }, request.query)
    },
  )

  app.get(
    '/research/requests/:digest/release',
    {
      onRequest: research,
      schema: {
        tags: ['research'],
        params: z.object({ digest: feltSchema }),
        response: {
          200: releaseSchema,
          ...failures(
            ...GUARDED,
            'input/not-found',
            'request/other-requester',
            'request/not-settled',
            'release/destroyed',
            'chain/unreachable',
          ),
        },
      },
    },
    async (request, reply) => {
      const { account, participant } = staff(request)
      reply.header('cache-control', 'no-store')
      return await deliverRelease(gateway, { account, office: participant.organisation, digest: request.params.digest })
    },
  )

  app.get(
    '/hospital/requests',
    {
      onRequest: requireStaff(gateway, 'hospital'),
      schema: { tags: ['hospital'], querystring: pageQuerySchema, response: { 200: requestsSchema, ...failures(...GUARDED) } },
    },
    async (request) => {
      const { limit, after } = request.query
      const { participant, tenant } = staff(request)
      const page = { before: readSequence(after), limit: limit + 1 }
      const known = gateway.chain.state.pool.requestsOfHospital(participant.organisation, page)
      const shown = known.slice(0, limit)
      const filed = await gateway.filedRequests.findReadable(
        tenant.slug,
        shown.map(({ digest }) => digest),
      )
      return {
        items: await requestViews(
          gateway,
          shown.map((one) => ({ digest: one.digest, known: one, filed: filed.get(one.digest) })),
          'hospital',
        ),
        next: writeSequence(known.length > limit ? shown.at(-1)?.request : null),
      }
    },
  )

  for (const [path, state] of [
    ['/hospital/requests/:request/retry', 'trying'],
    ['/hospital/requests/:request/refusal', 'refusing'],
  ] as const) {
    app.post(
      path,
      {
        onRequest: requireStaff(gateway, 'hospital'),
        schema: {
          tags: ['hospital'],
          params: ofRequest,
          response: { 204: z.undefined(), ...failures(...GUARDED, 'input/not-found', 'request/not-parked') },
        },
      },
      async (request, reply) => {
        const { account, participant, tenant } = staff(request)
        const id = request.params.request
        if (gateway.chain.state.pool.request(id)?.hospital !== participant.organisation) throw new NotFoundError()
        if (!(await gateway.access.release(tenant, id, state))) throw new RequestError('request/not-parked')
        gateway.log.info({ event: 'request.unparked', request: id, state, by: account }, 'staff have decided')
        return reply.code(204).send()
      },
    )
  }
}
