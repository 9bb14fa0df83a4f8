import type { CaseDetail } from '@medsync/protocol'
import type { JSX } from 'react'
import { Moment } from '../../ui/Moment.tsx'
import styles from './CaseParts.module.css'
import { qualityWords, REFUSAL_WORDS } from './caseWords.ts'
import { sourceOf } from './evidenceOf.ts'

/** Values that were found and not taken, each with the reason. They never lower a score. */
export function NotTaken({ detail }: { readonly detail: CaseDetail }): JSX.Element {
  return (
    <ul className={styles.rows}>
      {notTaken(detail.urgency.implausible).map(({ quality, source, refusal }) => {
        const found = sourceOf(detail.observations, source, quality)
        return (
          <li key={`${source} ${quality} ${refusal}`} className={styles.row} data-refusal={refusal}>
            <p className={styles.what}>
              {qualityWords(quality)}
              {found !== undefined && `: ${found.value}`}
            </p>
            <p className={styles.note}>
              Not taken: {REFUSAL_WORDS[refusal]}.{' '}
              {found?.measuredAtS !== undefined && (
                <>
                  Dated <Moment timeS={found.measuredAtS} />,{' '}
                </>
              )}
              {found !== undefined && (found.origin === 'case' ? 'added to this case.' : 'from the record.')}
            </p>
          </li>
        )
      })}
    </ul>
  )
}

type Refused = CaseDetail['urgency']['implausible'][number]

/** Each once: an observation may have the same fault in several of its parts. */
function notTaken(refused: readonly Refused[]): Refused[] {
  return [...new Map(refused.map((each) => [`${each.source} ${each.quality} ${each.refusal}`, each])).values()]
}
