import type { JSX, ReactNode } from 'react'
import { COHORT_WORDS } from './questionWords.ts'
import type { CrossTable } from './resultCells.ts'
import styles from './StatisticsAnswer.module.css'

const number = new Intl.NumberFormat('en')
/** The darkest cell; the ink on it stays readable in both schemes. */
const MOST_PERCENT = 38

export type CrossTableViewProps = {
  readonly caption: string
  readonly table: CrossTable
  /** How far off each number may be; undefined for exact ones. */
  readonly error: number | undefined
  readonly withheld: ReactNode
}

/** A table of two fields, each cell the darker the more people; the numbers say the same. */
export function CrossTableView({ caption, table: { downName, across, rows }, error, withheld }: CrossTableViewProps): JSX.Element {
  const highest = Math.max(1, ...rows.flatMap(({ cells }) => cells.map((people) => people ?? 0)))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: on a narrow screen the table scrolls, and a keyboard has to reach it
    <section className={styles.scroll} tabIndex={0} aria-label="Table, scrolls sideways">
      {error !== undefined && <p className={styles.errorNote}>{`Each number ±${number.format(error)}`}</p>}
      <table className={styles.table}>
        <caption className={styles.caption}>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{COHORT_WORDS[downName]}</th>
            {across.map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, cells }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {cells.map((people, index) => (
                <td
                  key={across[index]}
                  data-cell={people ?? 'withheld'}
                  className={people === null ? styles.hatched : undefined}
                  style={people === null ? undefined : { background: shadeOf(Math.max(0, people) / highest) }}
                >
                  {people === null ? withheld : number.format(people).replace('-', '−')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function shadeOf(part: number): string {
  return `color-mix(in srgb, var(--ms-accent) ${Math.round(part * MOST_PERCENT)}%, transparent)`
}
