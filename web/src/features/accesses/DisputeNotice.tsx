import type { DisputeView } from '@medsync/protocol'
import type { JSX } from 'react'
import { Notice, type NoticeKind } from '../../ui/Notice.tsx'
import { TransactionLink } from '../transactions/TransactionLink.tsx'
import styles from './AccessCard.module.css'

const words: Record<DisputeView['state'], readonly [NoticeKind, string, string]> = {
  open: ['info', 'You dispute this entry', 'An arbiter decides. The study cannot be closed, and its bond not taken back, until then.'],
  upheld: [
    'good',
    'Your dispute was upheld',
    'You were right. If the study gave a bond, you get your part of it when the study is closed.',
  ],
  rejected: ['warning', 'Your dispute was rejected', 'The arbiter found that the entry may stand as it is.'],
}

/** Where a dispute stands, and what the patient wrote. */
export function DisputeNotice({ dispute: { state, text, transaction } }: { readonly dispute: DisputeView }): JSX.Element {
  const [kind, title, meaning] = words[state]
  return (
    <div data-dispute={state}>
      <Notice kind={kind} title={title}>
        {meaning} <TransactionLink hash={transaction} />
        {text !== null && <blockquote className={styles.statement}>{text}</blockquote>}
      </Notice>
    </div>
  )
}
