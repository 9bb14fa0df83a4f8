import {
  allocationBoardSchema,
  allocationRunSchema,
  caseIdSchema,
  declineIncomingBodySchema,
  facilitiesSchema,
  facilityBodySchema,
  facilityViewSchema,
  movingBodySchema,
  offerBodySchema,
  specialistBodySchema,
  specialistsSchema,
  specialistViewSchema,
} from '@medsync/protocol'
import * as z from 'zod'
import { requireStaff, staff } from '../auth/guards.ts'
import { failures, GUARDED } from '../http/failures.ts'
import { withPatients } from '../records/withPatients.ts'
import type { Routes } from '../server.ts'

const localId = z
  .string()
  .regex(/^[0-9a-f]{12}$/)
  .max(12)
const ofCase = z.object({ case: caseIdSchema })
const none = z.undefined()
const OF_CIRCLE = [...GUARDED, 'context/unreachable', 'input/not-found'] as const

/** /hospital/facilities and /hospital/specialists: what a hospital offers. /hospital/allocation and /hospital/cases/:case/offer: what came of it. Staff see their own hospital's. */
export const allocationRoutes: Routes = async (app, { gateway }) => {
  const onRequest = requireStaff(gateway, 'hospital')
  const { allocations, records, supply } = gateway
  const tags = ['hospital']

  app.get(
    '/hospital/facilities',
    { onRequest, schema: { tags, response: { 200: facilitiesSchema, ...failures(...GUARDED) } } },
    async (request) => ({ items: [...(await supply.all(staff(request).tenant.slug)).facilities] }),
  )
  app.post(
    '/hospital/facilities',
    {
      onRequest,
      schema: { tags, body: facilityBodySchema, response: { 201: facilityViewSchema, ...failures(...GUARDED, 'allocation/too-many') } },
    },
    async (request, reply) => {
      const view = await supply.putFacility(staff(request).tenant.slug, undefined, request.body)
      allocations.wake()
      return reply.code(201).send(view)
    },
  )
  app.put(
    '/hospital/facilities/:facility',
    {
      onRequest,
      schema: {
        tags,
        params: z.object({ facility: localId }),
        body: facilityBodySchema,
        response: { 200: facilityViewSchema, ...failures(...GUARDED, 'input/not-found') },
      },
    },
    async (request) => {
      const view = await supply.putFacility(staff(request).tenant.slug, request.params.facility, request.body)
      allocations.wake()
      return view
    },
  )
  app.delete(
    '/hospital/facilities/:facility',
    {
      onRequest,
      schema: {
        tags,
        params: z.object({ facility: localId }),
        response: { 204: none, ...failures(...OF_CIRCLE, 'allocation/facility-in-use') },
      },
    },
    async (request, reply) => {
      const { tenant } = staff(request)
      const { facility } = request.params
      await supply.removeFacility(tenant.slug, facility, await allocations.isUsed(tenant.organisation, facility))
      allocations.wake()
      return reply.code(204).send()
    },
  )

  app.get(
    '/hospital/specialists',
    { onRequest, schema: { tags, response: { 200: specialistsSchema, ...failures(...GUARDED) } } },
    async (request) => ({ items: [...(await supply.all(staff(request).tenant.slug)).specialists] }),
  )
  app.post(
    '/hospital/specialists',
    {
      onRequest,
      schema: {
        tags,
        body: specialistBodySchema,
        response: {
          201: specialistViewSchema,
          ...failures(...GUARDED, 'allocation/unknown-facility', 'allocation/hours-overlap', 'allocation/too-many'),
        },
      },
    },
    async (request, reply) => {
      const view = await supply.putSpecialist(staff(request).tenant.slug, undefined, request.body)
      allocations.wake()
      return reply.code(201).send(view)
    },
  )
  app.put(
    '/hospital/specialists/:specialist',
    {
      onRequest,
      schema: {
        tags,
        params: z.object({ specialist: localId }),
        body: specialistBodySchema,
        response: {
          200: specialistViewSchema,
          ...failures(...GUARDED, 'input/not-found', 'allocation/unknown-facility', 'allocation/hours-overlap'),
        },
      },
    },
    async (request) => {
      const view = await supply.putSpecialist(staff(request).tenant.slug, request.params.specialist, request.body)
      allocations.wake()
      return view
    },
  )
  app.delete(
    '/hospital/specialists/:specialist',
    {
      onRequest,
      schema: { tags, params: z.object({ specialist: localId }), response: { 204: none, ...failures(...GUARDED, 'input/not-found') } },
    },
    async (request, reply) => {
      await supply.removeSpecialist(staff(request).tenant.slug, request.params.specialist)
      allocations.wake()
      return reply.code(204).send()
    },
  )

  app.get(
    '/hospital/allocation',
    { onRequest, schema: { tags, response: { 200: allocationBoardSchema, ...failures(...OF_CIRCLE) } } },
    async (request) => {
      const { organisation, slug } = staff(request).tenant
      const board = await allocations.board(organisation)
      return { ...board, cases: await withPatients(records, slug, board.cases) }
    },
  )
  app.post(
    '/hospital/allocation/runs',
    { onRequest, schema: { tags, response: { 201: allocationRunSchema, ...failures(...OF_CIRCLE, 'allocation/under-way') } } },
    async (request, reply) => reply.code(201).send({ round: await allocations.run(staff(request).tenant.organisation) }),
  )
  app.post(
    '/hospital/allocation/incoming/decline',
    {
      onRequest,
      schema: { tags, body: declineIncomingBodySchema, response: { 204: none, ...failures(...OF_CIRCLE, 'allocation/accepted') } },
    },
    async (request, reply) => {
      const { pseudonym, specialist } = request.body
      await allocations.declineIncoming(staff(request).tenant.organisation, pseudonym, specialist)
      return reply.code(204).send()
    },
  )

  app.put(
    '/hospital/cases/:case/moving',
    {
      onRequest,
      schema: {
        tags,
        params: ofCase,
        body: movingBodySchema,
        response: { 204: none, ...failures(...OF_CIRCLE, 'allocation/unknown-facility', 'allocation/case-done') },
      },
    },
    async (request, reply) => {
      await allocations.setMoving(staff(request).tenant.organisation, request.params.case, request.body)
      return reply.code(204).send()
    },
  )
  app.post(
    '/hospital/cases/:case/offer/acceptance',
    {
      onRequest,
      schema: {
        tags,
        params: ofCase,
        body: offerBodySchema,
        response: { 204: none, ...failures(...OF_CIRCLE, 'allocation/offer-gone', 'allocation/under-way', 'allocation/case-done') },
      },
    },
    async (request, reply) => {
      const { tenant, account } = staff(request)
      await allocations.accept(tenant.organisation, request.params.case, request.body, account)
      request.log.info({ event: 'allocation.accepted', case: request.params.case, tenant: tenant.slug }, 'offer accepted')
      return reply.code(204).send()
    },
  )
  app.post(
    '/hospital/cases/:case/offer/decline',
    {
      onRequest,
      schema: { tags, params: ofCase, body: offerBodySchema, response: { 204: none, ...failures(...OF_CIRCLE, 'allocation/case-done') } },
    },
    async (request, reply) => {
      const { tenant } = staff(request)
      await allocations.decline(tenant.organisation, request.params.case, request.body)
      request.log.info({ event: 'allocation.declined', case: request.params.case, tenant: tenant.slug }, 'offer declined')
      return reply.code(204).send()
    },
  )
  app.post(
    '/hospital/cases/:case/offer/release',
    {
      onRequest,
      schema: { tags, params: ofCase, response: { 204: none, ...failures(...OF_CIRCLE, 'allocation/under-way', 'allocation/case-done') } },
    },
    async (request, reply) => {
      const { tenant, account } = staff(request)
      await allocations.release(tenant.organisation, request.params.case, account)
      return reply.code(204).send()
    },
  )
}
