import { createStore } from '../store/createStore.ts'
import type { TransactionState } from './transactionState.ts'

/** One action that was started on this page. */
export type TransactionEntry = {
  readonly key: string
  readonly label: string
  readonly state: TransactionState
  readonly isDismissed: boolean
}

/**
 * What was started in this tab, by key (`revoke:0x…`). Outlives the component that started it, so that leaving a page neither loses an
 * action nor lets it be started twice.
 */
export const transactionStore = createStore<ReadonlyMap<string, TransactionEntry>>(new Map())

/** Puts an entry in its place, or changes the one there. */
export function putTransaction(key: string, change: Partial<Omit<TransactionEntry, 'key'>>): void {
  const before = transactionStore.get().get(key) ?? { key, label: '', state: { step: 'idle' }, isDismissed: false }
  transactionStore.set(new Map(transactionStore.get()).set(key, { ...before, ...change }))
}
