import type { JSX } from 'react'
import { useNetwork } from '../../features/network/useNetwork.ts'
import { useStore } from '../../features/store/createStore.ts'
import { walletStore } from '../../features/wallet/walletStore.ts'
import styles from './NetworkFoot.module.css'

const names = { local: 'Local Starknet (development)', sepolia: 'Starknet Sepolia (test network)', mainnet: 'Starknet' } as const

/** Foot of every page: which network this is, and which wallet signs. */
export function NetworkFoot(): JSX.Element {
  const { kind } = useNetwork()
  const wallet = useStore(walletStore)
  return (
    <footer className={styles.foot} data-print="no">
      <span>{names[kind]}</span>
      {wallet !== undefined && (
        <span>{wallet.kind === 'development' ? 'Development wallet: play money, signs without asking' : `Wallet: ${wallet.name}`}</span>
      )}
    </footer>
  )
}
