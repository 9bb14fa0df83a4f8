import { CloseButton } from '@mantine/core'
import { type JSX, useEffect } from 'react'
import { useStore } from '../store/createStore.ts'
import styles from './ActivityTray.module.css'
import { TransactionStatus } from './TransactionStatus.tsx'
import { isPending } from './transactionState.ts'
import { putTransaction, type TransactionEntry, transactionStore } from './transactionStore.ts'

/** How long a confirmed action stays on view. A failed one stays until it is closed. */
const CONFIRMED_MS = 8_000
const SHOWN = 3

/** What this tab has started lately, on every page: an action goes on, and can be followed, when its own page is left. */
export function ActivityTray(): JSX.Element {
  const entries = [...useStore(transactionStore).values()]
  const shown = entries
    .filter(({ isDismissed, state }) => !isDismissed && state.step !== 'idle' && state.step !== 'preparing')
    .slice(-SHOWN)
  return (
    <section className={styles.tray} aria-label="Your transactions" data-print="no">
      {shown.map((entry) => (
        <Entry key={entry.key} entry={entry} />
      ))}
    </section>
  )
}

function Entry({ entry }: { readonly entry: TransactionEntry }): JSX.Element {
  const { key, label, state } = entry
  useEffect(() => {
    if (state.step !== 'confirmed') return undefined
    const timer = setTimeout(() => putTransaction(key, { isDismissed: true }), CONFIRMED_MS)
    return () => clearTimeout(timer)
  }, [key, state.step])
  return (
    <div className={styles.entry} data-activity={state.step}>
      <p className={styles.label}>{label}</p>
      <CloseButton
        size="sm"
        aria-label={`Hide: ${label}`}
        disabled={isPending(state)}
        onClick={() => putTransaction(key, { isDismissed: true })}
      />
      <TransactionStatus state={state} />
    </div>
  )
}
