import { challengeSchema, type Network, type Session, sessionSchema, signInTypedData } from '@medsync/protocol'
import * as z from 'zod'
import { requestGateway } from '../gateway/requestGateway.ts'
import { PortalError } from '../problem/PortalError.ts'
import type { Wallet } from '../wallet/wallet.ts'
import { rememberWallet, walletStore } from '../wallet/walletStore.ts'
import { sessionStore } from './sessionStore.ts'
import { markSignedIn } from './signInMarker.ts'

const siteSchema = z.object({ message: z.object({ Site: z.string() }) })

/**
 * Signs in with a wallet: takes a challenge, lets the wallet sign it, and hands the signature in. The message is built here from the
 * challenge's nonce and this page's own origin, so that a gateway cannot have anything else signed.
 * @throws {GatewayError | PortalError | ContractError} Declined, taken too long, not this account's signature, gateway not reached.
 */
export async function signIn(network: Network, wallet: Wallet): Promise<Session> {
  const { nonce, expiresAtS, typedData } = await requestGateway({
    path: '/auth/challenge',
    answer: challengeSchema,
    method: 'POST',
    body: { account: wallet.address },
  })
  const origin = checkedOrigin(siteSchema.safeParse(typedData).data?.message.Site)
  const message = signInTypedData({ chainId: network.chainId, origin, account: wallet.address, nonce, expiresAtS })
  const signature = await wallet.signTypedData(message)
  const session = await requestGateway({
    path: '/auth/session',
    answer: sessionSchema,
    method: 'POST',
    body: { account: wallet.address, nonce, signature },
  })
  walletStore.set(wallet)
  rememberWallet(wallet.id)
  markSignedIn(true)
  sessionStore.set({ status: 'signed-in', session })
  return session
}

/** This page's origin, when it is the one the gateway signs for; while developing, the gateway's, since Vite serves the page. */
function checkedOrigin(site: string | undefined): string {
  const here = window.location.origin
  if (site === undefined || site === here) return here
  if (import.meta.env.DEV) return site
  throw new PortalError('portal/other-origin', { details: site })
}

/** Ends the session here and at the gateway. Here it ends even when the gateway cannot be told. */
export async function signOut(): Promise<void> {
  const state = sessionStore.get()
  sessionStore.set({ status: 'signed-out', reason: 'signed-out' })
  walletStore.set(undefined)
  markSignedIn(false)
  if (state.status !== 'signed-in') return
  const { accessToken: token } = state.session
  await requestGateway({ path: '/auth/sign-out', answer: z.unknown(), method: 'POST', token }).catch((error: unknown) => {
    console.warn('The gateway could not be told of the sign-out; the cookie ends by itself.', error instanceof Error ? error.name : '')
  })
}
