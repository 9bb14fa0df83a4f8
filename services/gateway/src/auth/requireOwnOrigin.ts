import type { onRequestAsyncHookHandler } from 'fastify'
import { AuthError } from '../gatewayErrors.ts'

/**
 * Lets a request with a cookie through only from our own pages. The cookie is SameSite=Strict already; this also stops pages of another port or subdomain, which count as
 * the same site. A client that is no browser sends neither header and has no cookie of anybody.
 */
export function requireOwnOrigin(publicOrigin: string): onRequestAsyncHookHandler {
  return async ({ headers }) => {
    const { origin, 'sec-fetch-site': site } = headers
    if (origin !== undefined && origin !== publicOrigin) throw new AuthError('auth/other-origin')
    if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new AuthError('auth/other-origin')
  }
}
