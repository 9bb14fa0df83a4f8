import type { CaseDetail } from '@medsync/protocol'
import type { JSX } from 'react'
import { Moment } from '../../ui/Moment.tsx'
import styles from './CaseParts.module.css'

/** What was written about a case, the newest first, as text and never as anything else. */
export function NotesList({ notes }: { readonly notes: CaseDetail['notes'] }): JSX.Element {
  return (
    <ul className={styles.rows}>
      {notes.toReversed().map(({ id, text, addedAtS }) => (
        <li key={id} className={styles.row} data-note={id}>
          <p className={styles.text} {...(text.length > 1_000 ? { tabIndex: 0 } : {})}>
            {text}
          </p>
          <p className={styles.note}>
            <Moment timeS={addedAtS} />
          </p>
        </li>
      ))}
    </ul>
  )
}
