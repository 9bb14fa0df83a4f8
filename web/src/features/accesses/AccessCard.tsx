import { Title } from '@mantine/core'
import type { Access, EntryKind } from '@medsync/protocol'
import { type JSX, type ReactNode, useId } from 'react'
import { Amount } from '../../ui/Amount.tsx'
import { Facts } from '../../ui/Facts.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { Moment } from '../../ui/Moment.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { StatusPill, type StatusTone } from '../../ui/StatusPill.tsx'
import { purposeOfIndex, purposeWords } from '../consents/purposeWords.ts'
import { categoryWords, listWords, periodWords } from '../consents/termsInWords.ts'
import { useNetwork, useOrganisationName } from '../network/useNetwork.ts'
import { useTokenOf } from '../network/useToken.ts'
import { TransactionLink } from '../transactions/TransactionLink.tsx'
import styles from './AccessCard.module.css'
import { isTold } from './checkAccesses.ts'
import { DisputeNotice } from './DisputeNotice.tsx'
import { decisionWords } from './decisionWords.ts'
import { emergencyReason, kindOf } from './entryWords.ts'

const pills: Record<EntryKind, readonly [StatusTone, string]> = {
  access: ['good', 'Released'],
  refusal: ['bad', 'Refused'],
  emergency: ['waiting', 'Emergency, without consent'],
}

/** One entry of the patient's log: who, what, when, why, what it paid or why it was refused, and whether it is disputed. */
export function AccessCard({ access, children }: { readonly access: Access; readonly children?: ReactNode }): JSX.Element {
  const titleId = useId()
  const { details, dispute } = access
  const kind = kindOf(access)
  const [tone, state] = kind === undefined ? (['rest', 'Unknown kind'] as const) : pills[kind]
  return (
    <article className={styles.card} aria-labelledby={titleId} data-access={kind} data-index={access.index}>
      <div className={styles.head}>
        <Title order={2} size="h3" id={titleId}>
          <Headline access={access} kind={kind} />
        </Title>
        <StatusPill tone={tone}>{state}</StatusPill>
      </div>
      {kind === 'emergency' && (
        <Notice kind="warning" title="Your data was used without your consent">
          The hospital gave this reason on the chain: {emergencyReason(access)}. If you think there was no emergency, dispute it.
        </Notice>
      )}
      <AccessFacts access={access} kind={kind} />
      {details === null && <Untold access={access} />}
      {isTold(access) === false && (
        <Notice kind="problem" title="Do not trust what this entry says">
          What the hospital tells here is not what it committed to on the chain. Keep this page and tell an auditor.
        </Notice>
      )}
      {dispute !== null && <DisputeNotice dispute={dispute} reference={kind === 'access' ? access.reference : 0} />}
      {children}
    </article>
  )
}

type EntryProps = { readonly access: Access; readonly kind: EntryKind | undefined }

function Headline({ access: { hospital, details }, kind }: EntryProps): JSX.Element {
  const nameOf = useOrganisationName()
  const who = details === null ? 'Somebody' : nameOf(details.grantee)
  if (kind === 'emergency') return <>{nameOf(hospital)} used your data in an emergency</>
  if (kind === 'refusal') return <>{who} was refused</>
  return kind === 'access' ? <>{who} received data</> : <>{nameOf(hospital)} wrote an entry</>
}

function AccessFacts({ access, kind }: EntryProps): JSX.Element {
  const nameOf = useOrganisationName()
  const tokenOf = useTokenOf()
  const { details, reward, token } = access
  const purpose = details === null ? undefined : purposeOfIndex(details.purposeIndex)
  return (
    <Facts
      rows={[
        ['When', <Moment key="when" timeS={access.loggedAtS} />],
        ['From', nameOf(access.hospital)],
        details !== null && [
          'What',
          kind === 'refusal' ? (
            'Nothing left the hospital'
          ) : (
            <>
              {listWords(details.categories.map(categoryWords))}: {countOf(details.resourceCount, 'entry', 'entries')},{' '}
              {periodWords(details.dataFromS, details.dataToS)}
            </>
          ),
        ],
        kind !== 'emergency' &&
          purpose !== undefined && [
            'Why',
            <>
              {purposeWords(purpose.code)} <small>({purpose.code})</small>, study {details?.study}
            </>,
          ],
        details !== null && kind === 'refusal' && ['Reason', decisionWords(details.decision)],
        reward !== null && token !== null && ['You earned', <Amount key="reward" amount={BigInt(reward)} unit={tokenOf(token)} />],
        [
          'Proof',
          <>
            Entry {access.index} of your log, <TransactionLink hash={access.transaction} />
          </>,
        ],
      ]}
    />
  )
}

/** Why there is nothing to read behind an entry. */
function Untold({ access }: { readonly access: Access }): JSX.Element {
  const { tenants } = useNetwork()
  if (tenants.some(({ organisation }) => organisation === access.hospital)) {
    return <Notice>The hospital has not told what stands behind this entry; ask it.</Notice>
  }
  return <Notice>The hospital that wrote this entry is served by another gateway; ask it what stands behind it.</Notice>
}
