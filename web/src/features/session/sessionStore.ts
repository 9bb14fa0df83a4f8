import type { Session } from '@medsync/protocol'
import { createStore } from '../store/createStore.ts'

/** Why nobody is signed in. */
export type SignedOutReason = 'never' | 'signed-out' | 'ended' | 'elsewhere'

export type SessionState =
  | { readonly status: 'restoring' }
  | { readonly status: 'signed-out'; readonly reason: SignedOutReason }
  | { readonly status: 'signed-in'; readonly session: Session }

/** Who is signed in. In memory alone: a reload restores it by the HttpOnly cookie, never from storage. */
export const sessionStore = createStore<SessionState>({ status: 'restoring' })
