import type { FastifyReply, FastifyRequest } from 'fastify'
import { AuthError } from '../gatewayErrors.ts'
import type { RefreshToken } from './refreshTokens.ts'

const NAME = 'medsync_refresh'

/** The refresh token's cookie: scripts cannot read it, other sites cannot send it, and it goes to the sign-in calls alone. */
function attributes(publicOrigin: string) {
  return { path: '/api/auth', httpOnly: true, sameSite: 'strict', secure: publicOrigin.startsWith('https:') } as const
}

export function setRefreshCookie(reply: FastifyReply, publicOrigin: string, { token, expiresAtS }: RefreshToken): void {
  reply.setCookie(NAME, token, { ...attributes(publicOrigin), expires: new Date(expiresAtS * 1_000) })
}

export function clearRefreshCookie(reply: FastifyReply, publicOrigin: string): void {
  reply.clearCookie(NAME, attributes(publicOrigin))
}

/** @throws {AuthError} `auth/required`: there is none. */
export function readRefreshCookie(request: FastifyRequest): string {
  const token = request.cookies[NAME]
  if (token === undefined || token === '') throw new AuthError('auth/required')
  return token
}
