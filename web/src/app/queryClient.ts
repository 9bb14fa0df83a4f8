import { QueryClient } from '@tanstack/react-query'
import { GatewayError } from '../features/problem/GatewayError.ts'
import { secretStore } from '../features/secret/secretStore.ts'
import { sessionStore } from '../features/session/sessionStore.ts'
import { transactionStore } from '../features/transactions/transactionStore.ts'

/** A failure that will be the same again is not tried again: only what was not reached is. */
function canPass(failures: number, error: unknown): boolean {
  return failures < 2 && !(error instanceof GatewayError && error.status < 500)
}

/** What the pages have loaded. Keys start with `public` (the same for everyone) or `mine` (forgotten when the account changes). */
export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: canPass, staleTime: 15_000, refetchOnWindowFocus: true }, mutations: { retry: false } },
})

/** Forgets all of an account as soon as another one, or nobody, is signed in. */
export function forgetOnAccountChange(): () => void {
  let account = accountNow()
  return sessionStore.subscribe(() => {
    const next = accountNow()
    if (next === account) return
    account = next
    queryClient.removeQueries({ queryKey: ['mine'] })
    secretStore.set(undefined)
    transactionStore.set(new Map())
  })
}

function accountNow(): string | undefined {
  const state = sessionStore.get()
  return state.status === 'signed-in' ? state.session.account : undefined
}
