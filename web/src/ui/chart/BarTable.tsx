import type { JSX, ReactNode } from 'react'
import styles from './BarTable.module.css'

export type BarRow = { readonly label: string; readonly value: number | null }

export type BarTableProps = {
  readonly caption: string
  readonly labelHead: string
  readonly valueHead: string
  readonly rows: readonly BarRow[]
  /** Stands where a value is withheld. */
  readonly withheld: ReactNode
}

const number = new Intl.NumberFormat('en')

/** A bar chart that is a table: each row has its number beside its bar, so it reads the same for eyes, ears and print. */
export function BarTable({ caption, labelHead, valueHead, rows, withheld }: BarTableProps): JSX.Element {
  const highest = Math.max(1, ...rows.map(({ value }) => value ?? 0))
  return (
    <table className={styles.table}>
      <caption className={styles.caption}>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{labelHead}</th>
          <td />
          <th scope="col" className={styles.value}>
            {valueHead}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, value }) => (
          <tr key={label} data-bar={label} data-value={value ?? 'withheld'}>
            <th scope="row">{label}</th>
            <td className={styles.track} aria-hidden="true">
              <span
                className={value === null ? styles.withheld : styles.bar}
                style={value === null ? undefined : { width: `${(100 * value) / highest}%` }}
              />
            </td>
            <td className={styles.value}>{value === null ? withheld : number.format(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
