import {
  addNoteBodySchema,
  addObservationsBodySchema,
  assessCaseBodySchema,
  caseDetailSchema,
  caseIdSchema,
  caseStatusBodySchema,
  caseSummarySchema,
  casesQuerySchema,
  casesSchema,
  confirmScoreBodySchema,
  newCaseBodySchema,
  overrideScoreBodySchema,
} from '@medsync/protocol'
import * as z from 'zod'
import { requireStaff, staff } from '../auth/guards.ts'
import { failures, GUARDED } from '../http/failures.ts'
import { readCursor, writeCursor } from '../http/pageCursor.ts'
import { withPatients } from '../records/withPatients.ts'
import type { Routes } from '../server.ts'

/** What one value of the vault holds whatever it compresses to; and 100,000 letters of any script. */
const ADDITION_BYTES = 524_288
const params = z.object({ case: caseIdSchema })
const place = z.object({ score: z.number().int(), arrivedAtS: z.number().int(), case: caseIdSchema })
const OF_CASES = [...GUARDED, 'context/unreachable', 'record/damaged'] as const
const OF_ONE = [...OF_CASES, 'case/other-hospital', 'case/lost'] as const

/** GET and POST /hospital/cases, and what is done with one. Staff of a hospital see its own cases only. */
export const casesRoutes: Routes = async (app, { gateway }) => {
  const onRequest = requireStaff(gateway, 'hospital')
  const { cases, records } = gateway
  const tags = ['hospital']

  app.get(
    '/hospital/cases',
    {
      onRequest,
      schema: { tags, querystring: casesQuerySchema, response: { 200: casesSchema, ...failures(...OF_CASES) } },
    },
    async (request) => {
      const { limit, after, status } = request.query
      const { organisation, slug } = staff(request).tenant
      const { items, lost, ranking } = await cases.list(organisation, { limit, after: readCursor(after, place), status })
      const last = items.length === limit ? items.at(-1) : undefined
      const next = last === undefined ? null : writeCursor({ score: last.score, arrivedAtS: last.arrivedAtS, case: last.case })
      return { items: await withPatients(records, slug, items), next, lost: await withPatients(records, slug, lost), ranking }
    },
  )

  app.post(
    '/hospital/cases',
    {
      onRequest,
      schema: {
        tags,
        body: newCaseBodySchema,
        response: { 201: caseSummarySchema, ...failures(...OF_CASES, 'record/other-hospital', 'case/times', 'case/already-waiting') },
      },
    },
    async (request, reply) => {
      const { tenant, account } = staff(request)
      const opened = await cases.create(tenant.organisation, request.body, account)
      request.log.info({ event: 'case.opened', case: opened.case, tenant: tenant.slug }, 'case opened')
      return reply.code(201).send(opened)
    },
  )

  app.get(
    '/hospital/cases/:case',
    { onRequest, schema: { tags, params, response: { 200: caseDetailSchema, ...failures(...OF_ONE) } } },
    async (request) => {
      const { organisation, slug } = staff(request).tenant
      const detail = await cases.get(organisation, request.params.case)
      return { ...detail, patient: (await records.patientsOf(slug, [detail.record])).get(detail.record) ?? null }
    },
  )

  app.post(
    '/hospital/cases/:case/observations',
    {
      onRequest,
      bodyLimit: ADDITION_BYTES,
      schema: {
        tags,
        params,
        body: addObservationsBodySchema,
        response: {
          201: caseSummarySchema,
          ...failures(
            ...OF_ONE,
            'case/ended',
            'case/full',
            'case/invalid-observation',
            'case/other-patient',
            'case/unusable-observation',
            'input/too-large',
          ),
        },
      },
    },
    async (request, reply) => {
      const { tenant, account } = staff(request)
      const { observations } = request.body
      return reply.code(201).send(await cases.addObservations(tenant.organisation, request.params.case, observations, account))
    },
  )

  app.post(
    '/hospital/cases/:case/notes',
    {
      onRequest,
      bodyLimit: ADDITION_BYTES,
      schema: {
        tags,
        params,
        body: addNoteBodySchema,
        response: {
          201: caseSummarySchema,
          ...failures(...OF_ONE, 'case/ended', 'case/full', 'case/note-too-long', 'input/too-large'),
        },
      },
    },
    async (request, reply) => {
      const { tenant, account } = staff(request)
      return reply.code(201).send(await cases.addNote(tenant.organisation, request.params.case, request.body.text, account))
    },
  )

  app.post(
    '/hospital/cases/:case/assessment',
    {
      onRequest,
      schema: {
        tags,
        params,
        body: assessCaseBodySchema,
        response: { 201: caseSummarySchema, ...failures(...OF_ONE, 'case/ended', 'case/full') },
      },
    },
    async (request, reply) => {
      const { tenant, account } = staff(request)
      return reply.code(201).send(await cases.assess(tenant.organisation, request.params.case, request.body, account))
    },
  )

  app.post(
    '/hospital/cases/:case/confirmation',
    {
      onRequest,
      schema: {
        tags,
        params,
        body: confirmScoreBodySchema,
        response: { 200: caseSummarySchema, ...failures(...OF_ONE, 'case/ended', 'case/full', 'case/score-changed') },
      },
    },
    async (request) => {
      const { tenant, account } = staff(request)
      return await cases.confirm(tenant.organisation, request.params.case, request.body.revision, account)
    },
  )

  app.post(
    '/hospital/cases/:case/override',
    {
      onRequest,
      schema: {
        tags,
        params,
        body: overrideScoreBodySchema,
        response: {
          200: caseSummarySchema,
          ...failures(...OF_ONE, 'case/ended', 'case/full', 'case/score-changed', 'urgency/override-unreasoned'),
        },
      },
    },
    async (request) => {
      const { tenant, account } = staff(request)
      return await cases.override(tenant.organisation, request.params.case, request.body, account)
    },
  )

  app.post(
    '/hospital/cases/:case/status',
    {
      onRequest,
      schema: { tags, params, body: caseStatusBodySchema, response: { 204: z.undefined(), ...failures(...OF_ONE, 'case/ended') } },
    },
    async (request, reply) => {
      const { tenant, account } = staff(request)
      await cases.setStatus(tenant.organisation, request.params.case, request.body.status, account)
      return reply.code(204).send()
    },
  )
}
