import {
  type AccountAddress,
  challengeBodySchema,
  challengeSchema,
  MAX_SIGNATURE_FELTS,
  type Session,
  sessionBodySchema,
  sessionSchema,
  signInTypedData,
} from '@medsync/protocol'
import type { FastifyReply, onRequestAsyncHookHandler } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { AuthError } from '../gatewayErrors.ts'
import { answerError } from '../http/answerError.ts'
import { failures } from '../http/failures.ts'
import type { Routes } from '../server.ts'
import { clearRefreshCookie, readRefreshCookie, setRefreshCookie } from './refreshCookie.ts'
import type { RefreshToken } from './refreshTokens.ts'
import { requireOwnOrigin } from './requireOwnOrigin.ts'
import { verifySignature } from './verifySignature.ts'

/** The longest signature as JSON, with room for the way it is written. */
const SESSION_BYTES = 1_048_576
const tags = ['auth']
const none = z.undefined()

/** POST /auth/challenge, /auth/session, /auth/refresh, /auth/sign-out. */
export const authRoutes: Routes = async (app, { gateway }) => {
  const origin = gateway.env.PUBLIC_ORIGIN
  const ownOrigin = requireOwnOrigin(origin)

  const countSignIn: onRequestAsyncHookHandler = async (request) => {
    await app.limits.check('failedSignIn', request)
    await app.limits.count('signIn', request)
  }
  const checkFailures: onRequestAsyncHookHandler = (request) => app.limits.check('failure', request)

  /**
   * What a browser gets when it is signed in: the short token in the answer, the long one in the cookie. The cookie comes last, when
   * nothing can fail any more: while the chain cannot say who the account is, the cookie that the browser has stays good.
   */
  const admit = async (reply: FastifyReply, account: AccountAddress, next: () => Promise<RefreshToken>): Promise<Session> => {
    const participant = gateway.roles.organisationOf(account)
    if (participant?.standing === 'suspended') throw new AuthError('auth/suspended')
    const { token, expiresAtS } = await gateway.accessTokens.issue(account)
    setRefreshCookie(reply, origin, await next())
    return {
      accessToken: token,
      expiresAtS,
      account,
      role: participant?.role ?? 'patient',
      organisation: participant?.organisation ?? null,
    }
  }

  app.post(
    '/auth/challenge',
    { onRequest: countSignIn, schema: { tags, body: challengeBodySchema, response: { 200: challengeSchema, ...failures() } } },
    async (request) => {
      const challenge = await gateway.challenges.issue(request.body.account)
      return { nonce: challenge.nonce, expiresAtS: challenge.expiresAtS, typedData: signInTypedData(challenge) }
    },
  )

  app.post(
    '/auth/session',
    {
      bodyLimit: SESSION_BYTES,
      errorHandler: (error, request, reply) => answerError(isOfSignature(error) ? refusedSignature() : error, request, reply),
      onRequest: [countSignIn, ownOrigin],
      schema: {
        tags,
        body: sessionBodySchema,
        response: {
          200: sessionSchema,
          ...failures(
            'auth/nonce-unknown',
            'auth/nonce-expired',
            'auth/bad-signature',
            'auth/account-not-deployed',
            'auth/suspended',
            'auth/other-origin',
            'chain/unreachable',
            'chain/behind',
          ),
        },
      },
    },
    async (request, reply) => {
      const { account, nonce, signature } = request.body
      try {
        const challenge = await gateway.challenges.take(account, nonce)
        await verifySignature(gateway.deployment.rpcUrl, challenge, signature)
      } catch (failure) {
        if (failure instanceof AuthError) await app.limits.count('failedSignIn', request)
        throw failure
      }
      const session = await admit(reply, account, () => gateway.refreshTokens.start(account))
      request.log.info({ event: 'auth.signed-in', account, role: session.role }, 'signed in')
      return session
    },
  )

  app.post(
    '/auth/refresh',
    {
      onRequest: [checkFailures, ownOrigin],
      schema: {
        tags,
        description:
          'No body; reads and renews the cookie. Each cookie works once; for 30 seconds the same one gets the same answer again.',
        response: {
          200: sessionSchema,
          ...failures(
            'auth/required',
            'auth/token-invalid',
            'auth/token-expired',
            'auth/suspended',
            'auth/other-origin',
            'chain/behind',
            'chain/unreachable',
          ),
        },
      },
    },
    async (request, reply) => {
      try {
        const token = readRefreshCookie(request)
        return await admit(reply, await gateway.refreshTokens.accountOf(token), () => gateway.refreshTokens.rotate(token))
      } catch (failure) {
        if (failure instanceof AuthError) {
          clearRefreshCookie(reply, origin)
          await app.limits.count('failure', request)
        }
        throw failure
      }
    },
  )

  app.post(
    '/auth/sign-out',
    { onRequest: [checkFailures, ownOrigin], schema: { tags, response: { 204: none, ...failures('auth/required', 'auth/other-origin') } } },
    async (request, reply) => {
      await gateway.refreshTokens.end(readRefreshCookie(request))
      clearRefreshCookie(reply, origin)
      return reply.code(204).send()
    },
  )
}

/** Whether a sign-in cannot be read for its signature: it is none, or longer than any. */
function isOfSignature(error: unknown): boolean {
  if (hasZodFastifySchemaValidationErrors(error)) return error.validation.some(({ instancePath }) => instancePath.startsWith('/signature'))
  return error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE'
}

function refusedSignature(): AuthError {
  return new AuthError('auth/bad-signature', `a signature is 1 to ${MAX_SIGNATURE_FELTS} felts, hex or decimal`)
}
