import { createStore } from '../store/createStore.ts'
import type { Wallet } from './wallet.ts'

/** The wallet that signs on this page; undefined until one is connected. */
export const walletStore = createStore<Wallet | undefined>(undefined)

const KEY = 'medsync-wallet'

/** Remembers which wallet was used, so that a reload can ask the same one again. */
export function rememberWallet(id: string | undefined): void {
  if (id === undefined) localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, id)
}

/** Id of the wallet used last. */
export function rememberedWallet(): string | undefined {
  return localStorage.getItem(KEY) ?? undefined
}
