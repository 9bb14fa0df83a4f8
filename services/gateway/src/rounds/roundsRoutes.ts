import { ContextUnavailableError } from '@medsync/context'
import {
  abortRoundBodySchema,
  type OrganisationId,
  openStatisticsBodySchema,
  pageQuerySchema,
  privacyBudgetSchema,
  rankingBodySchema,
  roundDetailSchema,
  roundIdSchema,
  roundOpenedSchema,
  roundsPageSchema,
} from '@medsync/protocol'
import * as z from 'zod'
import { requireStaff, staff } from '../auth/guards.ts'
import type { Gateway } from '../composition.ts'
import type { Seat } from '../context/circle.ts'
import { failures, GUARDED } from '../http/failures.ts'
import { readPlace, writePlace } from '../http/placeCursor.ts'
import type { Routes } from '../server.ts'

const params = z.object({ id: roundIdSchema })
const OF_ROUNDS = [...GUARDED, 'context/unreachable'] as const
const OF_OPENING = [...OF_ROUNDS, 'rounds/busy', 'rounds/too-few-hospitals'] as const

/** GET and POST /hospital/rounds: what hospitals compute together. Every hospital of the circle sees that a round was held, and its public result. */
export const roundsRoutes: Routes = async (app, { gateway }) => {
  const onRequest = requireStaff(gateway, 'hospital')
  const tags = ['hospital']
  const { rounds } = gateway

  app.get(
    '/hospital/rounds',
    { onRequest, schema: { tags, querystring: pageQuerySchema, response: { 200: roundsPageSchema, ...failures(...OF_ROUNDS) } } },
    async (request) => {
      const { after, limit } = request.query
      const { items, next } = await rounds.list(seatOf(gateway, staff(request).tenant), { after: readPlace(after) ?? undefined, limit })
      return { items, next: writePlace(next) }
    },
  )

  app.get(
    '/hospital/rounds/budget',
    { onRequest, schema: { tags, response: { 200: privacyBudgetSchema, ...failures(...OF_ROUNDS) } } },
    async (request) => await rounds.budget(seatOf(gateway, staff(request).tenant)),
  )

  app.get(
    '/hospital/rounds/:id',
    { onRequest, schema: { tags, params, response: { 200: roundDetailSchema, ...failures(...OF_ROUNDS, 'rounds/unknown') } } },
    async (request) => await rounds.get(seatOf(gateway, staff(request).tenant), request.params.id),
  )

  app.post(
    '/hospital/rounds/statistics',
    {
      onRequest,
      schema: {
        tags,
        body: openStatisticsBodySchema,
        response: {
          201: roundOpenedSchema,
          ...failures(
            ...OF_OPENING,
            'sharing/bad-question',
            'rounds/other-range',
            'rounds/other-hospitals',
            'rounds/budget-spent',
            'rounds/memory-full',
          ),
        },
      },
    },
    async (request, reply) => {
      const { tenant, account } = staff(request)
      const { asOf, ...question } = request.body
      return reply.code(201).send({ round: await rounds.openStatistics(seatOf(gateway, tenant), question, account, asOf) })
    },
  )

  app.post(
    '/hospital/rounds/ranking',
    { onRequest, schema: { tags, body: rankingBodySchema, response: { 201: roundOpenedSchema, ...failures(...OF_OPENING) } } },
    async (request, reply) => {
      const { tenant, account } = staff(request)
      return reply.code(201).send({ round: await rounds.openRanking(seatOf(gateway, tenant), account, request.body.slots) })
    },
  )

  app.post(
    '/hospital/rounds/:id/abort',
    {
      onRequest,
      schema: {
        tags,
        params,
        body: abortRoundBodySchema,
        response: { 204: z.undefined(), ...failures(...OF_ROUNDS, 'rounds/unknown', 'rounds/ended') },
      },
    },
    async (request, reply) => {
      await rounds.abort(seatOf(gateway, staff(request).tenant), request.params.id, request.body.note)
      return reply.code(204).send()
    },
  )
}

/** A hospital acts from its own place only. @throws {ContextUnavailableError} It has none here. */
function seatOf({ circle }: Gateway, { organisation }: { readonly organisation: OrganisationId }): Seat {
  const seat = circle.seats.find((each) => each.organisation === organisation)
  if (seat === undefined) throw new ContextUnavailableError()
  return seat
}
