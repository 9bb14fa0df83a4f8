import { errorWords, type Session } from '@medsync/protocol'
import { GatewayError } from '../problem/GatewayError.ts'
import { useStore } from '../store/createStore.ts'
import { type SessionState, sessionStore } from './sessionStore.ts'

/** Who is signed in, if anybody. */
export function useSessionState(): SessionState {
  return useStore(sessionStore)
}

/**
 * The session, inside `RequireRole`, which lets nobody pass without one.
 * @throws {GatewayError} Used outside of it: `auth/required`.
 */
export function useSession(): Session {
  const state = useSessionState()
  if (state.status === 'signed-in') return state.session
  const { what, hint, status } = errorWords['auth/required']
  throw new GatewayError({ code: 'auth/required', message: what, hint, id: '' }, status ?? 401)
}
