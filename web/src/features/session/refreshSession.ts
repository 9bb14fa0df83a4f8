import { type Session, sessionSchema } from '@medsync/protocol'
import { requestGateway } from '../gateway/requestGateway.ts'
import { GatewayError } from '../problem/GatewayError.ts'
import { type SessionState, sessionStore } from './sessionStore.ts'
import { markSignedIn } from './signInMarker.ts'

let running: Promise<Session | undefined> | undefined

/**
 * Gets a new access token by the refresh cookie; undefined when the session has ended. One refresh at a time in this tab, and in this
 * browser: a refresh token works once, so two tabs must take turns.
 * @throws {PortalError} The gateway cannot be reached; the session stays as it is.
 */
export function refreshSession(): Promise<Session | undefined> {
  running ??= takeTurn(refresh).finally(() => {
    running = undefined
  })
  return running
}

async function refresh(): Promise<Session | undefined> {
  const before = sessionStore.get()
  const session = await requestGateway({ path: '/auth/refresh', answer: sessionSchema, method: 'POST' }).catch((error: unknown) => {
    if (error instanceof GatewayError && (error.status === 401 || error.status === 403)) return undefined
    throw error
  })
  const next = stateAfter(before, session)
  sessionStore.set(next)
  if (session === undefined) markSignedIn(false)
  return next.status === 'signed-in' ? next.session : undefined
}

/** Another account behind the same cookie is not silently taken over: its owner did not sign in on this page. */
export function stateAfter(before: SessionState, session: Session | undefined): SessionState {
  if (session === undefined) return { status: 'signed-out', reason: before.status === 'signed-in' ? 'ended' : 'never' }
  if (before.status === 'signed-in' && before.session.account !== session.account) return { status: 'signed-out', reason: 'elsewhere' }
  return { status: 'signed-in', session }
}

function takeTurn<T>(work: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? navigator.locks.request('medsync-refresh', work) : work()
}
