import type { DisputeView } from '@medsync/protocol'
import type { JSX } from 'react'
import { Notice, type NoticeKind } from '../../ui/Notice.tsx'
import { TransactionLink } from '../transactions/TransactionLink.tsx'
import styles from './AccessCard.module.css'
import { CompensationAction } from './CompensationAction.tsx'

const words: Record<DisputeView['state'], readonly [NoticeKind, string, string]> = {
  open: [
    'info',
    'You dispute this entry',
    'An arbiter decides. A study that paid for it cannot be closed, and its bond not be taken back, until then.',
  ],
  upheld: ['good', 'Your dispute was upheld', 'You were right: the entry should not have come about as it did.'],
  rejected: ['warning', 'Your dispute was rejected', 'The arbiter found that the entry may stand as it is.'],
}

/**
 * Where a dispute stands, and what the patient wrote.
 * @param reference - Request of the disputed access; 0 when nobody paid for it.
 */
export function DisputeNotice({ dispute, reference }: { readonly dispute: DisputeView; readonly reference: number }): JSX.Element {
  const { state, text, transaction } = dispute
  const [kind, title, meaning] = words[state]
  return (
    <div data-dispute={state}>
      <Notice kind={kind} title={title}>
        {meaning} <TransactionLink hash={transaction} />
        {text !== null && <blockquote className={styles.statement}>{text}</blockquote>}
        {state === 'upheld' && reference > 0 && <CompensationAction reference={reference} />}
      </Notice>
    </div>
  )
}
