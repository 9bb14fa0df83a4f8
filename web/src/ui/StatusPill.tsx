import type { JSX, ReactNode } from 'react'
import styles from './StatusPill.module.css'

export type StatusTone = 'good' | 'bad' | 'waiting' | 'rest'

export type StatusPillProps = {
  readonly tone: StatusTone
  /** Only the dot where the screen is narrow; the word stays for those who hear it. */
  readonly isCompact?: boolean
  readonly children: ReactNode
}

/** Where something stands, in a word; the colour only repeats what the word says. */
export function StatusPill({ tone, isCompact = false, children }: StatusPillProps): JSX.Element {
  return (
    <span className={`${styles.pill} ${styles[tone]} ${isCompact ? styles.compact : ''}`}>
      <span className={styles.words}>{children}</span>
    </span>
  )
}
