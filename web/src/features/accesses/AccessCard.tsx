import { Title } from '@mantine/core'
import { type Access, ENTRY_KINDS } from '@medsync/protocol'
import { type JSX, useId } from 'react'
import { Amount } from '../../ui/Amount.tsx'
import { Facts } from '../../ui/Facts.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { Moment } from '../../ui/Moment.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { purposeOfIndex, purposeWords } from '../consents/purposeWords.ts'
import { categoryWords, listWords, periodWords } from '../consents/termsInWords.ts'
import { useOrganisationName } from '../network/useNetwork.ts'
import { useTokenOf } from '../network/useToken.ts'
import { TransactionLink } from '../transactions/TransactionLink.tsx'
import styles from './AccessCard.module.css'
import { isTold } from './checkAccesses.ts'
import { decisionWords } from './decisionWords.ts'

/** One entry of the patient's log: who, what, when, why, and what it paid or why it was refused. */
export function AccessCard({ access }: { readonly access: Access }): JSX.Element {
  const nameOf = useOrganisationName()
  const tokenOf = useTokenOf()
  const titleId = useId()
  const { details } = access
  const isAccess = access.kind === ENTRY_KINDS.access
  const purpose = details === null ? undefined : purposeOfIndex(details.purposeIndex)
  const who = details === null ? 'Somebody' : nameOf(details.grantee)
  return (
    <article className={styles.card} aria-labelledby={titleId} data-access={isAccess ? 'access' : 'refusal'}>
      <div className={styles.head}>
        <Title order={2} size="h3" id={titleId}>
          {isAccess ? `${who} received data` : `${who} was refused`}
        </Title>
        {isAccess ? <StatusPill tone="good">Released</StatusPill> : <StatusPill tone="bad">Refused</StatusPill>}
      </div>
      <Facts
        rows={[
          ['When', <Moment key="when" timeS={access.loggedAtS} />],
          ['From', nameOf(access.hospital)],
          details !== null && [
            'What',
            isAccess ? (
              <>
                {listWords(details.categories.map(categoryWords))}: {countOf(details.resourceCount, 'entry', 'entries')},{' '}
                {periodWords(details.dataFromS, details.dataToS)}
              </>
            ) : (
              'Nothing left the hospital'
            ),
          ],
          purpose !== undefined && [
            'Why',
            <>
              {purposeWords(purpose.code)} <small>({purpose.code})</small>, study {details?.study}
            </>,
          ],
          details !== null && !isAccess && ['Reason', decisionWords(details.decision)],
          access.reward !== null &&
            access.token !== null && ['You earned', <Amount key="reward" amount={BigInt(access.reward)} unit={tokenOf(access.token)} />],
          [
            'Proof',
            <>
              Entry {access.index} of your log, <TransactionLink hash={access.transaction} />
            </>,
          ],
        ]}
      />
      {details === null && <Notice>The hospital that wrote this entry is served by another gateway; ask it what stands behind it.</Notice>}
      {isTold(access) === false && (
        <Notice kind="problem" title="Do not trust what this entry says">
          What the hospital tells here is not what it committed to on the chain. Keep this page and tell an auditor.
        </Notice>
      )}
    </article>
  )
}
