import { type Felt, feltSchema, organisationSlug } from '@medsync/protocol'
import type { JSX } from 'react'
import { Link, useParams } from 'react-router'
import { useNetwork, useOrganisationName } from '../../features/network/useNetwork.ts'
import { problemOf } from '../../features/problem/problemOf.ts'
import { type ReceiptView, useReceipt } from '../../features/transactions/useReceipt.ts'
import { Brand } from '../../ui/Brand.tsx'
import { ColourSchemeButton } from '../../ui/ColourSchemeButton.tsx'
import { Facts } from '../../ui/Facts.tsx'
import { formatAmount } from '../../ui/format/formatAmount.ts'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { Moment } from '../../ui/Moment.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { ShortId } from '../../ui/ShortId.tsx'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { eventWords } from './eventWords.ts'
import styles from './TransactionPage.module.css'

/** A transaction as anyone can read it from the chain; stands in for an explorer where the network has none. */
export function TransactionPage(): JSX.Element {
  const { hash } = useParams()
  const parsed = feltSchema.safeParse(hash ?? '')
  return (
    <>
      <header className={styles.top}>
        <Link to="/" className={styles.brand ?? ''} aria-label="MedSync, to the start">
          <Brand />
          <span className={styles.name}>MedSync</span>
        </Link>
        <ColourSchemeButton />
      </header>
      <main className={styles.main}>
        {parsed.success ? (
          <Transaction hash={parsed.data} />
        ) : (
          <Page title="Transaction">
            <Notice kind="warning">That is not the hash of a transaction.</Notice>
          </Page>
        )}
      </main>
    </>
  )
}

function Transaction({ hash }: { readonly hash: Felt }): JSX.Element {
  const receipt = useReceipt(hash)
  return (
    <Page
      title="Transaction"
      lead="Read from the chain itself. Anyone can see this, and nobody can change it."
      actions={<Standing receipt={receipt.data} />}
    >
      {receipt.isPending && <ListSkeleton rows={2} what="the transaction" />}
      {receipt.isError && <ProblemNotice problem={problemOf(receipt.error)} onRetry={() => void receipt.refetch()} />}
      {receipt.data?.failure !== undefined && (
        <Notice kind="problem" title={receipt.data.failure.what}>
          {receipt.data.failure.hint} Nothing was changed by it.
        </Notice>
      )}
      {receipt.data?.status === 'unknown' && <Notice>No block holds such a transaction yet. This page looks again by itself.</Notice>}
      {receipt.data !== undefined && (
        <Panel title="Where it stands">
          <Facts
            rows={[
              ['Hash', <ShortId key="hash" id={hash} kind="transaction hash" />],
              receipt.data.blockNumber !== undefined && ['Block', receipt.data.blockNumber],
              receipt.data.feeFri !== undefined && ['Fee', formatAmount(receipt.data.feeFri, { symbol: 'STRK', decimals: 18 })],
            ]}
          />
        </Panel>
      )}
      {receipt.data !== undefined && receipt.data.status === 'confirmed' && <Events receipt={receipt.data} />}
    </Page>
  )
}

function Standing({ receipt }: { readonly receipt: ReceiptView | undefined }): JSX.Element | null {
  if (receipt === undefined) return null
  if (receipt.status === 'confirmed') return <StatusPill tone="good">Confirmed</StatusPill>
  if (receipt.status === 'reverted') return <StatusPill tone="bad">Failed</StatusPill>
  return <StatusPill tone="waiting">Not in a block yet</StatusPill>
}

function Events({ receipt: { events, otherEvents } }: { readonly receipt: ReceiptView }): JSX.Element {
  return (
    <Panel title="What it did" note="Told by MedSync’s contracts. Fingerprints say nothing about what they stand for.">
      <ol className={styles.events}>
        {events.map(({ name, fields }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the events of a transaction never change
          <li key={index} data-event={name}>
            <p className={styles.eventName}>
              {eventWords[name] ?? name} <small>{name}</small>
            </p>
            <Facts rows={fields.map(([key, value]) => [fieldWords(key), <Field key={key} name={key} value={value} />])} />
          </li>
        ))}
      </ol>
      <p className={styles.note}>
        {events.length === 0 && 'Nothing of MedSync’s. '}
        {otherEvents > 0 && `${otherEvents} more by other contracts, such as the token’s transfers and fees.`}
      </p>
    </Panel>
  )
}

function Field({ name, value }: { readonly name: string; readonly value: string }): JSX.Element {
  const nameOf = useOrganisationName()
  const { tokens } = useNetwork()
  const token = tokens[0]
  if (/AtS$/.test(name) || /deadlineS$/.test(name)) return <Moment timeS={Number(value)} />
  if (/(^|\.)(organisation|hospital)$/.test(name))
    return (
      <>
        {nameOf(value as Felt)} ({organisationSlug(value as Felt)})
      </>
    )
  if (/(amount|price|Share)$/.test(name) && token !== undefined) return <>{formatAmount(BigInt(value), token)}</>
  if (value.startsWith('0x')) return <ShortId id={value} kind={name} />
  return <>{value}</>
}

/** `terms.hospitalBps` as `hospital bps`, `loggedAtS` as `logged at`. */
function fieldWords(key: string): string {
  const last = key.slice(key.lastIndexOf('.') + 1).replace(/S$/, '')
  return last.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}
