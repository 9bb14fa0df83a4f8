import { Accordion, Button, Title } from '@mantine/core'
import type { Commitment } from '@medsync/protocol'
import { type JSX, useId, useState } from 'react'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { Facts } from '../../ui/Facts.tsx'
import { Moment } from '../../ui/Moment.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { ShortId } from '../../ui/ShortId.tsx'
import { StatusPill, type StatusTone } from '../../ui/StatusPill.tsx'
import { loadChain } from '../chain/loadChain.ts'
import { useNetwork, useOrganisationName } from '../network/useNetwork.ts'
import { TransactionButton } from '../transactions/TransactionButton.tsx'
import { TransactionStatus } from '../transactions/TransactionStatus.tsx'
import { useTransaction } from '../transactions/useTransaction.ts'
import styles from './ConsentCard.module.css'
import { ConsentFacts } from './ConsentFacts.tsx'
import type { ConsentMismatch, ConsentStanding } from './checkConsent.ts'
import { termsInWords } from './termsInWords.ts'
import type { ConsentView } from './useConsents.ts'

const pills: Record<ConsentStanding, readonly [StatusTone, string]> = {
  draft: ['rest', 'Not granted'],
  active: ['good', 'Active'],
  expired: ['rest', 'Expired'],
  revoked: ['bad', 'Revoked'],
  replaced: ['rest', 'Replaced'],
}

const mismatches: Record<ConsentMismatch, string> = {
  terms: 'What the gateway shows here is not what you signed: these terms do not give the fingerprint on the chain.',
  salts: 'The salts that the gateway keeps for this consent are not the ones your wallet makes. Somebody else may have made it.',
  malformed: 'What the gateway shows here cannot be checked against the chain.',
}

/** One consent as its patient sees it: the decision, where it stands on the chain, and how to change or end it. */
export function ConsentCard({ view }: { readonly view: ConsentView }): JSX.Element {
  const { consent, standing, mismatch } = view
  const words = termsInWords(consent.terms, useOrganisationName())
  const revoke = useRevoke(consent.commitment, words.who)
  const titleId = useId()
  const isRevoking = revoke.isPending && standing === 'active'
  const [tone, label] = isRevoking ? (['waiting', 'Revoking'] as const) : pills[standing]
  return (
    <article
      className={styles.card}
      aria-labelledby={titleId}
      data-consent={consent.commitment}
      data-standing={isRevoking ? 'revoking' : standing}
    >
      <div className={styles.head}>
        <Title order={3} id={titleId}>
          {words.who}
        </Title>
        <StatusPill tone={tone}>{label}</StatusPill>
      </div>
      <p className={styles.line}>
        May use your {words.sentence.data} for {words.sentence.whatFor}.
      </p>
      <p className={styles.note}>
        <Standing view={view} />
      </p>
      {mismatch !== undefined && (
        <Notice kind="problem" title="Do not trust this entry">
          {mismatches[mismatch]} Revoke it if you are in doubt.
        </Notice>
      )}
      <Accordion variant="default" chevronPosition="left" className={styles.details ?? ''}>
        <Accordion.Item value="terms">
          <Accordion.Control>All of it, and its place on the chain</Accordion.Control>
          <Accordion.Panel>
            <ConsentFacts terms={consent.terms} />
            <div className={styles.chain}>
              <Facts
                rows={[
                  ['Fingerprint', <ShortId key="id" id={consent.commitment} kind="fingerprint" />],
                  view.grantedAtS > 0 && ['Granted', <Moment key="granted" timeS={view.grantedAtS} />],
                  view.endedAtS > 0 && ['Ended', <Moment key="ended" timeS={view.endedAtS} />],
                ]}
              />
            </div>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
      {standing === 'active' && <Actions commitment={consent.commitment} who={words.who} revoke={revoke} />}
      {standing === 'draft' && mismatch === undefined && <GrantDraft commitment={consent.commitment} who={words.who} />}
    </article>
  )
}

type Revoke = ReturnType<typeof useRevoke>

function useRevoke(commitment: Commitment, who: string) {
  const network = useNetwork()
  const transaction = useTransaction(`revoke:${commitment}`)
  const start = (): void =>
    void transaction.run(`Revoke consent to ${who}`, async () => (await loadChain()).revokeConsentCalls(network, { commitment }))
  return { ...transaction, start }
}

function Actions({
  commitment,
  who,
  revoke,
}: {
  readonly commitment: Commitment
  readonly who: string
  readonly revoke: Revoke
}): JSX.Element {
  const [isAsking, setIsAsking] = useState(false)
  return (
    <>
      <div className={styles.actions}>
        {revoke.isPending ? (
          <Button variant="default" disabled>
            Change
          </Button>
        ) : (
          <ButtonLink variant="default" to={`/patient/consents/${commitment}/change`}>
            Change
          </ButtonLink>
        )}
        <TransactionButton color="clay" variant="outline" state={revoke.state} pending="Revoking…" onClick={() => setIsAsking(true)}>
          Revoke
        </TransactionButton>
      </div>
      <TransactionStatus state={revoke.state} />
      <ConfirmDialog
        opened={isAsking}
        danger
        title={`Revoke your consent to ${who}?`}
        confirm="Revoke"
        onCancel={() => setIsAsking(false)}
        onConfirm={() => {
          setIsAsking(false)
          revoke.start()
        }}
      >
        <ul>
          <li>From the next block on, every request under it is refused.</li>
          <li>What was released before cannot be called back; it stays in your list of accesses.</li>
          <li>It cannot be undone. You can give a new consent later.</li>
        </ul>
      </ConfirmDialog>
    </>
  )
}

function GrantDraft({ commitment, who }: { readonly commitment: Commitment; readonly who: string }): JSX.Element {
  const network = useNetwork()
  const transaction = useTransaction(`grant:${commitment}`)
  const start = (): void =>
    void transaction.run(`Grant consent to ${who}`, async () => (await loadChain()).grantConsentCalls(network, { commitment }))
  return (
    <>
      <div className={styles.actions}>
        <TransactionButton variant="default" state={transaction.state} pending="Granting…" onClick={start}>
          Sign and grant it now
        </TransactionButton>
      </div>
      <TransactionStatus state={transaction.state} />
    </>
  )
}

function Standing({ view: { consent, standing, grantedAtS, endedAtS } }: { readonly view: ConsentView }): JSX.Element {
  if (standing === 'draft') return <>Written down, but never signed on the chain: it permits nothing.</>
  if (standing === 'active') {
    return (
      <>
        Granted <Moment timeS={grantedAtS} as="distance" />, until the end of <Moment timeS={consent.terms.expiresAtS - 1} as="day" />.
      </>
    )
  }
  if (standing === 'expired') {
    return (
      <>
        Ran out after <Moment timeS={consent.terms.expiresAtS - 1} as="day" />.
      </>
    )
  }
  return (
    <>
      {standing === 'revoked' ? 'You ended it' : 'A newer consent took its place'} <Moment timeS={endedAtS} as="distance" />.
    </>
  )
}
