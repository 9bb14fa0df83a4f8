import { Title } from '@mantine/core'
import type { RequestView } from '@medsync/protocol'
import { type JSX, type ReactNode, useId } from 'react'
import { Amount } from '../../ui/Amount.tsx'
import { Facts } from '../../ui/Facts.tsx'
import { formatBytes } from '../../ui/format/formatBytes.ts'
import { Moment } from '../../ui/Moment.tsx'
import { ShortId } from '../../ui/ShortId.tsx'
import { decisionWords } from '../accesses/decisionWords.ts'
import type { Token } from '../network/useToken.ts'
import { TransactionLink } from '../transactions/TransactionLink.tsx'
import { ProgressPill } from './ProgressPill.tsx'
import styles from './RequestCard.module.css'
import { waitWords } from './waitWords.ts'

export type RequestCardProps = {
  readonly request: RequestView
  readonly title: string
  /** What the price is in, when that is known. */
  readonly token?: Token | undefined
  readonly children?: ReactNode
}

/** One request: how far it has come, and each step with its transaction. */
export function RequestCard({ request, title, token, children }: RequestCardProps): JSX.Element {
  const titleId = useId()
  const { progress, reason, parked, price, expiresAtS, requestTransaction, answerTransaction, releaseBytes } = request
  return (
    <article className={styles.card} aria-labelledby={titleId} data-request={request.digest} data-progress={progress}>
      <div className={styles.head}>
        <Title order={2} size="h3" id={titleId}>
          {title}
        </Title>
        <ProgressPill progress={progress} />
      </div>
      <Facts
        rows={[
          ['Patient', <ShortId key="patient" id={request.patient} kind="patient account" />],
          reason !== null && (progress === 'refused' || progress === 'refusing') && ['Reason', decisionWords(reason)],
          reason !== null && progress === 'open' && parked === null && ['Still waits', waitWords(reason)],
          price !== null && token !== undefined && ['Price', <Amount key="price" amount={BigInt(price)} unit={token} />],
          progress === 'open' && expiresAtS !== null && ['Answer until', <Moment key="expires" timeS={expiresAtS} />],
          requestTransaction !== null && ['Asked', <TransactionLink key="asked" hash={requestTransaction} />],
          answerTransaction !== null && ['Answered', <TransactionLink key="answered" hash={answerTransaction} />],
          releaseBytes !== null && ['Sealed data', formatBytes(releaseBytes)],
        ]}
      />
      {children}
    </article>
  )
}
