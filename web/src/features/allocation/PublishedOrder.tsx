import type { AllocationBoard } from '@medsync/protocol'
import type { JSX } from 'react'
import styles from './Allocation.module.css'

/** What all hospitals see of an allocation: ranks and pseudonyms. */
export function PublishedOrder({
  published,
  own,
}: {
  readonly published: AllocationBoard['published']
  readonly own: ReadonlySet<string>
}): JSX.Element {
  return (
    <details className={styles.reasons}>
      <summary>What every hospital sees of this allocation</summary>
      <table className={styles.table}>
        <caption className={styles.hidden}>The allocation as published, by rank</caption>
        <thead>
          <tr>
            <th scope="col">Rank</th>
            <th scope="col">Case</th>
            <th scope="col">Place</th>
          </tr>
        </thead>
        <tbody>
          {published.map(({ rank, pseudonym, isAllocated }) => (
            <tr key={pseudonym}>
              <td>{rank}</td>
              <th scope="row">
                <code>{pseudonym.slice(0, 8)}</code>
                {own.has(pseudonym) && ' (yours)'}
              </th>
              <td>{isAllocated ? 'yes' : 'no'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
