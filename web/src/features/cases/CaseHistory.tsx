import type { CaseDetail } from '@medsync/protocol'
import type { JSX } from 'react'
import { Moment } from '../../ui/Moment.tsx'
import { ShortId } from '../../ui/ShortId.tsx'
import styles from './CaseParts.module.css'
import { type HistoryEntry, historyOf } from './historyOf.ts'

/** Everything that became of a case's score, the newest first: what was computed, and what clinicians decided. */
export function CaseHistory({ detail }: { readonly detail: CaseDetail }): JSX.Element {
  return (
    <ol className={styles.rows}>
      {historyOf(detail).map((entry) => (
        <li key={entry.id} className={styles.row} data-history={entry.kind}>
          <p className={styles.what}>{wordsOf(entry)}</p>
          <p className={styles.note}>
            <Moment timeS={entry.atS} />
            {entry.by !== undefined && (
              <>
                , by <ShortId id={entry.by} kind="account" />
              </>
            )}
            {entry.reason !== '' && <>: “{entry.reason}”</>}
          </p>
        </li>
      ))}
    </ol>
  )
}

function wordsOf({ kind, score, isNow }: HistoryEntry): string {
  if (kind === 'computed') return isNow ? `Computed ${score}` : `Was computed ${score}`
  return kind === 'confirmed' ? `Confirmed ${score}` : `${kind === 'raised' ? 'Raised' : 'Lowered'} to ${score}`
}
