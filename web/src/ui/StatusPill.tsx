import type { JSX, ReactNode } from 'react'
import styles from './StatusPill.module.css'

export type StatusTone = 'good' | 'bad' | 'waiting' | 'rest'

/** Where something stands, in a word; the colour only repeats what the word says. */
export function StatusPill({ tone, children }: { readonly tone: StatusTone; readonly children: ReactNode }): JSX.Element {
  return <span className={`${styles.pill} ${styles[tone]}`}>{children}</span>
}
