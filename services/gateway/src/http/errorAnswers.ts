import { type ErrorCode, errorWords, isErrorCode, MedsyncError } from '@medsync/protocol'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { InputError } from '../gatewayErrors.ts'
import { framesOf } from './framesOf.ts'

/** What Fastify itself can find wrong with a request, in our codes. */
const fastifyCodes: Record<string, ErrorCode> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'server/content-type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'input/too-large',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'input/not-json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'input/not-json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'input/invalid',
  FST_ERR_BAD_URL: 'server/no-such-route',
}

/** Makes every failure an answer `{ code, message, hint, id }` with a fitting status; a stack, a value or a query never leaves. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => answerWith(toMedsyncError(error), error, request, reply))
}

function answerWith(failure: MedsyncError | undefined, cause: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const code = failure?.code ?? 'server/internal'
  const words = isErrorCode(code) ? errorWords[code] : errorWords['server/internal']
  const status = words.status ?? 500
  if (status >= 500) request.log.error({ code, cause: framesOf(cause) }, 'request failed')
  request.failureCode = code
  return reply.code(status).send({ code, message: failure?.what ?? words.what, hint: failure?.hint ?? words.hint, id: request.id })
}

function toMedsyncError(error: unknown): MedsyncError | undefined {
  if (error instanceof MedsyncError) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const { instancePath, message } = error.validation[0] ?? {}
    return new InputError('input/invalid', `${instancePath?.replace(/^\//, '').replaceAll('/', '.') || 'body'}: ${message}`)
  }
  const known = fastifyCodes[codeOf(error)]
  if (known !== undefined) return new InputError(known)
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? (error as FastifyError).statusCode : undefined
  return status !== undefined && status >= 400 && status < 500 ? new InputError('input/invalid') : undefined
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
