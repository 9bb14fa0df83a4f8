import type { JSX, ReactNode } from 'react'
import styles from './BarTable.module.css'

export type BarRow = { readonly label: string; readonly value: number | null }

export type BarTableProps = {
  readonly caption: string
  readonly labelHead: string
  readonly valueHead: string
  readonly rows: readonly BarRow[]
  /** How far off each value may be; a whisker shows it on each bar. */
  readonly error?: number | undefined
  /** Stands where a value is withheld. */
  readonly withheld: ReactNode
}

const number = new Intl.NumberFormat('en')

/** A bar chart that is a table: each row has its number beside its bar, so it reads the same for eyes, ears and print. */
export function BarTable({ caption, labelHead, valueHead, rows, error, withheld }: BarTableProps): JSX.Element {
  const highest = Math.max(1, ...rows.map(({ value }) => (value ?? 0) + (error ?? 0)))
  return (
    <table className={styles.table}>
      <caption className={styles.caption}>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{labelHead}</th>
          <td />
          <th scope="col" className={styles.value}>
            {error === undefined ? valueHead : `${valueHead}, ±${number.format(error)}`}
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
                style={value === null ? undefined : { width: `${(100 * Math.max(0, value)) / highest}%` }}
              />
              {value !== null && error !== undefined && <Whisker value={value} error={error} highest={highest} />}
            </td>
            <td className={styles.value}>{value === null ? withheld : number.format(value).replace('-', '−')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** From the value less its error, or zero, to the value and its error. */
function Whisker({ value, error, highest }: { readonly value: number; readonly error: number; readonly highest: number }): JSX.Element {
  const [from, to] = [Math.max(0, value - error), Math.max(0, value + error)]
  return <span className={styles.whisker} style={{ left: `${(100 * from) / highest}%`, width: `${(100 * (to - from)) / highest}%` }} />
}
