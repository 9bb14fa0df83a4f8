import { QueryClient } from '@tanstack/react-query'
import { GatewayError } from '../features/problem/GatewayError.ts'
import { secretStore } from '../features/secret/secretStore.ts'
import { sessionStore } from '../features/session/sessionStore.ts'
import { onSignOutElsewhere } from '../features/session/signInMarker.ts'
import { transactionStore } from '../features/transactions/transactionStore.ts'
import { uploadStore } from '../features/uploads/uploadStore.ts'

/** A failure that will be the same again is not tried again: only what was not reached is. */
function canPass(failures: number, error: unknown): boolean {
  return failures < 2 && !(error instanceof GatewayError && error.status < 500)
}

/** What the pages have loaded. Keys start with `public` (the same for everyone) or `mine` (forgotten when the account changes). */
export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: canPass, staleTime: 15_000, refetchOnWindowFocus: true }, mutations: { retry: false } },
})

/** Forgets all of an account as soon as another one, or nobody, is signed in, here or by a sign-out in another tab. */
export function forgetOnAccountChange(): () => void {
  let account = accountNow()
  const stopHearing = onSignOutElsewhere(() => {
    if (accountNow() !== undefined) sessionStore.set({ status: 'signed-out', reason: 'signed-out' })
  })
  const stopWatching = sessionStore.subscribe(() => {
    const next = accountNow()
    if (next === account) return
    account = next
    queryClient.removeQueries({ queryKey: ['mine'] })
    secretStore.set(undefined)
    uploadStore.set([])
    transactionStore.set(new Map())
  })
  return () => {
    stopHearing()
    stopWatching()
  }
}

function accountNow(): string | undefined {
  const state = sessionStore.get()
  return state.status === 'signed-in' ? state.session.account : undefined
}
