import type { JSX, ReactNode } from 'react'
import styles from './CardList.module.css'

/** A list of cards that is a list to a screen reader as well. Give each child a `<li>`. */
export function CardList({ label, children }: { readonly label: string; readonly children: ReactNode }): JSX.Element {
  return (
    <ul className={styles.list} aria-label={label}>
      {children}
    </ul>
  )
}
