import { useQuery } from '@tanstack/react-query'
import { loadChain } from '../chain/loadChain.ts'
import { useNetwork } from '../network/useNetwork.ts'
import { useSecret } from '../secret/useSecret.tsx'
import { useSession } from '../session/useSession.ts'
import { deriveKeyPair } from './deriveKeyPair.ts'

/** How the published key and the wallet's own one stand to each other. */
export type KeyStanding =
  | 'loading'
  | 'none' // nothing published: nobody can seal data to this account
  | 'published' // something is published; whether it is the wallet's own is known once the wallet signed
  | 'own' // the wallet's own key is published
  | 'other' // another one is: data sealed to it cannot be opened here

export type EncryptionKey = {
  readonly standing: KeyStanding
  readonly published: string | undefined
  readonly own: string | undefined
  readonly error: unknown
}

/** The X25519 key on the chain for the signed-in account, and the one that its wallet makes. */
export function useEncryptionKey(): EncryptionKey {
  const network = useNetwork()
  const { account } = useSession()
  const secret = useSecret()
  const published = useQuery({
    queryKey: ['mine', 'encryption-key'],
    queryFn: async ({ signal }) => {
      const key = await (await loadChain()).readEncryptionKey(network, account, { signal })
      return key === undefined ? null : toHex(key)
    },
  })
  const own = useQuery({
    queryKey: ['mine', 'own-key', secret === undefined],
    queryFn: async () => (secret === undefined ? null : toHex((await deriveKeyPair(secret)).publicKey)),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return {
    standing: standingOfKey(published.data, own.data ?? undefined),
    published: published.data ?? undefined,
    own: own.data ?? undefined,
    error: published.error,
  }
}

/** The standing of a published key: undefined is not known yet, null is none. */
export function standingOfKey(published: string | null | undefined, own: string | undefined): KeyStanding {
  if (published === undefined) return 'loading'
  if (published === null) return 'none'
  if (own === undefined) return 'published'
  return published === own ? 'own' : 'other'
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
