import { ApplicationError } from '@medsync/context/engine'
import { type ErrorCode, errorWords, isErrorCode, MedsyncError } from '@medsync/protocol'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { IdentityDiffersError, InputError, RateLimitError } from '../gatewayErrors.ts'
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

/** Makes any failure an answer `{ code, message, hint, id }` with a fitting status; a stack, a value or a query never leaves. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const failure = toMedsyncError(error)
  const code = failure?.code ?? 'server/internal'
  const words = isErrorCode(code) ? errorWords[code] : errorWords['server/internal']
  const status = words.status ?? 500
  // What is away for a while is told when it goes and comes; what is broken is told here, each time.
  if (status === 500) request.log.error({ event: 'http.failed', code, cause: framesOf(error) }, 'request failed')
  request.failureCode = code
  const about = failure instanceof IdentityDiffersError ? { identity: failure.identity } : {}
  const answer = { code, message: failure?.what ?? words.what, hint: failure?.hint ?? words.hint, id: request.id, ...about }
  if (failure instanceof RateLimitError && failure.retryAfterS !== undefined) reply.header('retry-after', Math.max(1, failure.retryAfterS))
  reply.code(status).type('application/json; charset=utf-8').serializer(JSON.stringify).send(answer)
}

function toMedsyncError(error: unknown): MedsyncError | undefined {
  if (error instanceof MedsyncError) return error
  const refused = error instanceof ApplicationError ? `app/${error.kind}` : ''
  if (isErrorCode(refused)) return new InputError(refused)
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
