import type { Network, Session } from '@medsync/protocol'
import { PortalError } from '../problem/PortalError.ts'
import { connectDevelopmentWallet } from './developmentWallet.ts'
import { findWallets } from './findWallets.ts'
import { connectOwnWallet } from './ownWallet.ts'
import type { Wallet } from './wallet.ts'
import { rememberedWallet, walletStore } from './walletStore.ts'

/**
 * The wallet of the signed-in account: the one connected, or the one used last, connected again after a reload.
 * @throws {PortalError} `wallet/none`: there is no such wallet here any more; `wallet/other-account`: it is on another account.
 */
export async function walletOf(network: Network, session: Session): Promise<Wallet> {
  const connected = walletStore.get()
  if (connected?.address === session.account) return connected
  const wallet = await reconnect(network, session)
  if (wallet.address !== session.account) throw new PortalError('wallet/other-account')
  walletStore.set(wallet)
  return wallet
}

async function reconnect(network: Network, session: Session): Promise<Wallet> {
  const id = rememberedWallet()
  if (id === 'development') return connectDevelopmentWallet(network, session.account)
  const injected = findWallets(window as unknown as Record<string, unknown>).find((wallet) => wallet.id === id)
  if (injected === undefined) throw new PortalError('wallet/none')
  return connectOwnWallet(network, injected)
}
