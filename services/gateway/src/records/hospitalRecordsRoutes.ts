import {
  type HospitalRecord,
  hospitalRecordSchema,
  hospitalRecordsSchema,
  pageQuerySchema,
  recordIdSchema,
  recordVersionsSchema,
  restoreBodySchema,
  restoredSchema,
} from '@medsync/protocol'
import * as z from 'zod'
import { requireStaff, staff } from '../auth/guards.ts'
import { failures, GUARDED } from '../http/failures.ts'
import { readCursor, writeCursor } from '../http/pageCursor.ts'
import type { Routes } from '../server.ts'
import type { ListedRecord } from './sealedRecords.ts'

const place = z.object({ uploadedAtS: z.number().int(), record: recordIdSchema })
const versionPlace = z.object({ version: z.number().int() })
const recordParams = z.object({ record: recordIdSchema })
const versionParams = z.object({ record: recordIdSchema, version: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) })

/**
 * GET /hospital/records: the hospital's own records, newest upload first. GET /hospital/records/:record: one of them, with its versions below `/versions`, and
 * POST /hospital/records/:record/versions/:version/restore.
 */
export const hospitalRecordsRoutes: Routes = async (app, { gateway }) => {
  const onRequest = requireStaff(gateway, 'hospital')
  app.get(
    '/hospital/records',
    {
      onRequest,
      schema: {
        tags: ['hospital'],
        querystring: pageQuerySchema,
        response: { 200: hospitalRecordsSchema, ...failures(...GUARDED, 'record/damaged') },
      },
    },
    async (request) => {
      const { limit, after } = request.query
      const listed = await gateway.records.list(staff(request).tenant.slug, { limit, after: readCursor(after, place) })
      const last = listed.length === limit ? listed.at(-1) : undefined
      return {
        items: listed.map(viewOf),
        next: last === undefined ? null : writeCursor({ uploadedAtS: last.uploadedAtS, record: last.record }),
      }
    },
  )

  app.get(
    '/hospital/records/:record',
    {
      onRequest,
      schema: {
        tags: ['hospital'],
        params: recordParams,
        response: { 200: hospitalRecordSchema, ...failures(...GUARDED, 'record/other-hospital', 'record/damaged') },
      },
    },
    async (request) => viewOf(await gateway.records.find(staff(request).tenant.slug, request.params.record)),
  )

  app.get(
    '/hospital/records/:record/versions',
    {
      onRequest,
      schema: {
        tags: ['hospital'],
        params: recordParams,
        querystring: pageQuerySchema,
        response: { 200: recordVersionsSchema, ...failures(...GUARDED, 'record/other-hospital') },
      },
    },
    async (request) => {
      const { limit, after } = request.query
      const before = readCursor(after, versionPlace)?.version
      const { slug } = staff(request).tenant
      const { items, current, isComplete, next } = await gateway.listVersions(slug, request.params.record, { limit, before })
      return {
        items: items.map(({ version, isKept, entry: { contentDigest, isUnversioned, previous, ...entry } }) => ({
          ...entry,
          version,
          isKept,
          isCurrent: version === current,
        })),
        isComplete,
        next: next === undefined ? null : writeCursor({ version: next }),
      }
    },
  )

  app.post(
    '/hospital/records/:record/versions/:version/restore',
    {
      onRequest,
      schema: {
        tags: ['hospital'],
        params: versionParams,
        body: restoreBodySchema,
        response: {
          200: restoredSchema,
          ...failures(
            ...GUARDED,
            'record/other-hospital',
            'record/no-such-version',
            'record/version-changed',
            'record/version-is-current',
            'record/version-removed',
            'record/several-matches',
            'record/damaged',
          ),
        },
      },
    },
    async (request) => {
      const { account, tenant } = staff(request)
      const { record, version } = request.params
      const restored = await gateway.restoreVersion(tenant.slug, { record, version, by: account, ...request.body })
      request.log.info(
        { event: 'record.restored', record, tenant: tenant.slug, fromVersion: version, version: restored.version },
        'record restored',
      )
      return restored
    },
  )
}

function viewOf({ record, version, uploadedAtS, linkedAtS, summary: { name, birthDate, resources } }: ListedRecord): HospitalRecord {
  return { record, name, birthDate, uploadedAtS, version, resources, linkedAtS }
}
