import type { JSX } from 'react'
import { useNetwork } from '../../features/network/useNetwork.ts'
import { useSessionState } from '../../features/session/useSession.ts'
import { useStore } from '../../features/store/createStore.ts'
import { rememberedWallet, walletStore } from '../../features/wallet/walletStore.ts'
import { TextLink } from '../../ui/TextLink.tsx'
import styles from './NetworkFoot.module.css'

const names = { local: 'Local Starknet (development)', sepolia: 'Starknet Sepolia (test network)', mainnet: 'Starknet' } as const

/** Foot of every page: which network this is, what MedSync cannot guarantee, and which wallet signs. */
export function NetworkFoot(): JSX.Element {
  const { kind } = useNetwork()
  const wallet = useStore(walletStore)
  const isSignedIn = useSessionState().status === 'signed-in'
  const isDevelopment = isSignedIn && (wallet?.kind ?? rememberedWallet()) === 'development'
  return (
    <footer className={styles.foot} data-print="no">
      <span>{names[kind]}</span>
      <TextLink to="/limits">Known limits</TextLink>
      {isDevelopment && <span>Development wallet: play money, signs without asking</span>}
      {!isDevelopment && wallet !== undefined && <span>Wallet: {wallet.name}</span>}
    </footer>
  )
}
