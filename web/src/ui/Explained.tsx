import { Popover } from '@mantine/core'
import type { JSX, ReactNode } from 'react'
import styles from './Explained.module.css'

/** A word that not everybody knows; pressing it says what it means. Escape, or a click elsewhere, puts the explanation away. */
export function Explained({ word, children }: { readonly word: ReactNode; readonly children: ReactNode }): JSX.Element {
  return (
    <Popover width={300} position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={styles.word}>
          {word}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.note ?? ''}>
        <div tabIndex={-1} data-autofocus>
          {children}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}
