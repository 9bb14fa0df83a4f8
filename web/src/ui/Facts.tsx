import { Fragment, type JSX, type ReactNode } from 'react'
import styles from './Facts.module.css'

/** A term and what it is; rows without a value are left out. */
export type Fact = readonly [term: string, value: ReactNode]

/** Terms and values in two columns, one below the other where the screen is narrow. */
export function Facts({ rows }: { readonly rows: readonly (Fact | undefined | false)[] }): JSX.Element {
  return (
    <dl className={styles.facts}>
      {rows.map((row) =>
        row === undefined || row === false ? null : (
          <Fragment key={row[0]}>
            <dt>{row[0]}</dt>
            <dd>{row[1]}</dd>
          </Fragment>
        ),
      )}
    </dl>
  )
}
