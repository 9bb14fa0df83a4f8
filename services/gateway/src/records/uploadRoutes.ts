import { Readable } from 'node:stream'
import { uploadSchema } from '@medsync/protocol'
import * as z from 'zod'
import { requireStaff, staff } from '../auth/guards.ts'
import { InputError, RecordError } from '../gatewayErrors.ts'
import { failures, GUARDED } from '../http/failures.ts'
import type { Routes } from '../server.ts'
import { drainBody } from './drainBody.ts'

const CONTENT_TYPES = ['application/fhir+json', 'application/json', 'application/gzip', 'application/octet-stream']
/** When an upload that found no place may try again. */
const RETRY_AFTER_S = 10
const DRAIN = { maxBytes: 268_435_456, maxMs: 20_000 }
const headers = z.looseObject({
  'x-upload-id': z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .max(64)
    .optional(),
  'content-encoding': z.string().max(64).optional(),
  'x-confirm-identity': z.string().max(200).optional(),
})
const FAILURES = [
  ...GUARDED,
  'upload/content-type',
  'upload/busy',
  'upload/interrupted',
  'upload/too-slow',
  'upload/time-limit',
  'upload/reader-ended',
  'input/not-json',
  'record/broken-gzip',
  'record/too-large',
  'record/too-many-resources',
  'record/too-deep',
  'record/too-complex',
  'record/repeated-name',
  'record/unreadable-text',
  'record/nested-bundle',
  'record/one-page',
  'record/versions-unordered',
  'record/unsupported-request',
  'record/not-a-bundle',
  'record/invalid-resource',
  'record/no-patient',
  'record/several-patients',
  'record/no-identifier',
  'record/identity-differs',
  'record/several-matches',
  'record/confirmation-outdated',
  'record/damaged',
] as const

/** POST /hospital/bundles: one FHIR R4 Bundle, streamed; kept whole or not at all. */
export const uploadRoutes: Routes = async (app, { gateway }) => {
  // Within this plugin a body is a stream, whatever it says it is.
  app.removeAllContentTypeParsers()
  for (const type of CONTENT_TYPES) app.addContentTypeParser(type, (_request, payload, done) => done(null, payload))
  app.addContentTypeParser('*', (_request, _payload, done) => done(new InputError('upload/content-type')))

  app.post(
    '/hospital/bundles',
    {
      onRequest: requireStaff(gateway, 'hospital'),
      schema: {
        tags: ['hospital'],
        description:
          'The body is one FHIR R4 Bundle, plain or gzip. `X-Upload-Id` names the upload in `upload.progress` events; `X-Confirm-Identity` confirms what `record/identity-differs` asked.',
        consumes: CONTENT_TYPES,
        headers,
        response: { 200: uploadSchema, 201: uploadSchema, ...failures(...FAILURES) },
      },
    },
    async (request, reply) => {
      const { account, tenant } = staff(request)
      const encoding = request.headers['content-encoding'] ?? 'identity'
      if (encoding !== 'identity' && encoding !== 'gzip') throw new InputError('upload/content-type', 'content-encoding')
      // Unpacking only adds, so what is too large already need not be read at all.
      const { MAX_BUNDLE_BYTES: maxBytes, MAX_BUNDLE_RESOURCES: maxResources } = gateway.env
      if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw new RecordError('record/too-large', `over ${maxBytes} bytes`)
      if (!(request.body instanceof Readable)) throw new InputError('input/not-json')
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      const contents = await gateway.bundles.take({
        body: request.body,
        upload: request.headers['x-upload-id'],
        account,
        maxBytes,
        maxResources,
        signal: gone.signal,
      })
      const { 'x-confirm-identity': confirmation } = request.headers
      const saved = await gateway.saveRecord(tenant.slug, contents, account, confirmation)
      const { record, created, version, isUnchanged } = saved
      const { resources, categories, uncategorised } = contents.summary
      request.log.info({ event: 'record.saved', record, tenant: tenant.slug, created, version, isUnchanged, resources }, 'record saved')
      const withheld = [...contents.withheld]
      return reply.code(created ? 201 : 200).send({ ...saved, resources, categories: [...categories], uncategorised, withheld })
    },
  )

  // A refused upload is read to its end before the answer goes out, or the browser would see a broken connection in its place.
  app.addHook('onError', async (request, reply, failure) => {
    const code = failure instanceof RecordError ? failure.code : undefined
    if (code === 'upload/busy') reply.header('retry-after', String(RETRY_AFTER_S))
    // Whoever is too slow is not listened to for longer.
    const wasWhole = code !== 'upload/too-slow' && (await drainBody(request.raw, DRAIN))
    if (!wasWhole || code === 'upload/interrupted') reply.header('connection', 'close')
  })
}
