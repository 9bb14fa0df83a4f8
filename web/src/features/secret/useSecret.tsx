import type { ConsentSecret } from '@medsync/protocol'
import { createContext, type JSX, type ReactNode, useCallback, useContext, useState } from 'react'
import { PortalError } from '../problem/PortalError.ts'
import { useSession } from '../session/useSession.ts'
import { useStore } from '../store/createStore.ts'
import { SecretDialog } from './SecretDialog.tsx'
import { secretStore } from './secretStore.ts'

type Ask = { readonly resolve: (secret: ConsentSecret) => void; readonly reject: (error: unknown) => void }

const AskContext = createContext<(ask: Ask) => void>(({ reject }) => reject(new PortalError('wallet/none')))

/** Lets everything below ask for the wallet's secret; shows the explanation once, on first need. */
export function SecretProvider({ children }: { readonly children: ReactNode }): JSX.Element {
  const [ask, setAsk] = useState<Ask>()
  const put = useCallback((next: Ask) => setAsk(next), [])
  return (
    <AskContext value={put}>
      {children}
      {ask !== undefined && (
        <SecretDialog
          onOpened={(secret) => {
            setAsk(undefined)
            ask.resolve(secret)
          }}
          onClosed={(error) => {
            setAsk(undefined)
            ask.reject(error)
          }}
        />
      )}
    </AskContext>
  )
}

/** The secret of the signed-in account, once it was opened in this tab. */
export function useSecret(): ConsentSecret | undefined {
  const { account } = useSession()
  const held = useStore(secretStore)
  return held?.account === account ? held.secret : undefined
}

/**
 * Gives the secret, asking the person and the wallet for it the first time.
 * @returns A function that rejects with `chain/rejected-by-user` when the person closes the explanation.
 */
export function useRequireSecret(): () => Promise<ConsentSecret> {
  const held = useSecret()
  const ask = useContext(AskContext)
  return useCallback(
    () => (held === undefined ? new Promise((resolve, reject) => ask({ resolve, reject })) : Promise.resolve(held)),
    [held, ask],
  )
}
