import { refreshSession } from './refreshSession.ts'
import { sessionStore } from './sessionStore.ts'
import { wasSignedIn } from './signInMarker.ts'

/** Brings the session back after a reload; asks the gateway only when somebody was signed in here. */
export async function restoreSession(): Promise<void> {
  if (!wasSignedIn()) {
    sessionStore.set({ status: 'signed-out', reason: 'never' })
    return
  }
  await refreshSession().catch((error: unknown) => {
    console.info('The session could not be restored.', error instanceof Error ? error.name : '')
    sessionStore.set({ status: 'signed-out', reason: 'ended' })
  })
}
