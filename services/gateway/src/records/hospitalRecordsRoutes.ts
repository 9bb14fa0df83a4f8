import { hospitalRecordsSchema, pageQuerySchema, recordIdSchema } from '@medsync/protocol'
import * as z from 'zod'
import { requireStaff, staff } from '../auth/guards.ts'
import { failures, GUARDED } from '../http/failures.ts'
import { readCursor, writeCursor } from '../http/pageCursor.ts'
import type { Routes } from '../server.ts'

const place = z.object({ uploadedAtS: z.number().int(), record: recordIdSchema })

/** GET /hospital/records: the hospital's own records, newest upload first. */
export const hospitalRecordsRoutes: Routes = async (app, { gateway }) => {
  app.get(
    '/hospital/records',
    {
      onRequest: requireStaff(gateway, 'hospital'),
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
        items: listed.map(({ record, uploadedAtS, linkedAtS, summary: { name, birthDate, resources } }) => ({
          record,
          name,
          birthDate,
          uploadedAtS,
          resources,
          linkedAtS,
        })),
        next: last === undefined ? null : writeCursor({ uploadedAtS: last.uploadedAtS, record: last.record }),
      }
    },
  )
}
