import type { JSX } from 'react'
import { StatusPill } from '../ui/StatusPill.tsx'
import styles from './ConsentSlip.module.css'

/** A picture of what MedSync is about: one decision in plain words, and what came of it. An example; the text beside it says the same. */
export function ConsentSlip(): JSX.Element {
  return (
    <div className={styles.stack} aria-hidden="true">
      <div className={styles.slip}>
        <div className={styles.head}>
          <span className={styles.kind}>Your consent</span>
          <StatusPill tone="good">Active</StatusPill>
        </div>
        <p className={styles.text}>
          <mark>Northgate Research</mark> may use my <mark>laboratory results</mark> and <mark>vital signs</mark> for{' '}
          <mark>research on a disease</mark>, until I say otherwise or until <mark>June 2027</mark>.
        </p>
        <ul className={styles.log}>
          <li>
            <span>Read by Northgate, 42 results</span>
            <span className={styles.money}>+ 3.2 STRK</span>
          </li>
          <li>
            <span>Asked by Northgate for bills</span>
            <span className={styles.ended}>refused</span>
          </li>
        </ul>
      </div>
    </div>
  )
}
