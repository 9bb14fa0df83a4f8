import { useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import { useAccesses } from '../../features/accesses/useAccesses.ts'
import { useConsents } from '../../features/consents/useConsents.ts'
import { recordsQuery } from '../../features/records/useRecords.ts'
import { useOwed } from '../../features/rewards/useOwed.ts'
import { useSession } from '../../features/session/useSession.ts'
import { invitationsQuery } from '../../features/trials/useTrials.ts'
import { Amount } from '../../ui/Amount.tsx'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { Checklist } from '../../ui/Checklist.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { Page } from '../../ui/layout/Page.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { Moment } from '../../ui/Moment.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { TextLink } from '../../ui/TextLink.tsx'
import styles from '../frame/Tiles.module.css'

/** The patient's home: the next step, and what has happened since. */
export function PatientHomePage(): JSX.Element {
  const { account } = useSession()
  const records = useQuery(recordsQuery)
  const { views } = useConsents()
  const list = useAccesses()
  const owed = useOwed({ account })
  const invitations = useQuery(invitationsQuery)
  const invited = invitations.data?.filter(({ state }) => state === 'open').length ?? 0
  const active = views?.filter(({ standing }) => standing === 'active') ?? []
  const latest = list.data?.accesses[0]
  const hasEarned = (list.data?.accesses ?? []).some(({ reward }) => reward !== null)
  return (
    <Page title="Welcome" lead="You decide who may use your health data. This is where you do it, and where you see that it was kept.">
      {invited > 0 && (
        <Notice
          title={`You are invited to ${countOf(invited, 'study', 'studies')}`}
          action={<ButtonLink to="/patient/invitations">Look at the invitations</ButtonLink>}
        >
          A hospital that holds your record thinks it could be for you. Nobody else knows of it.
        </Notice>
      )}
      <Panel title="Your way through MedSync">
        <Checklist
          steps={[
            {
              title: 'Link your record',
              text: 'With the one-time code from your hospital.',
              isDone: (records.data?.length ?? 0) > 0,
              action: <ButtonLink to="/patient/records">Link a record</ButtonLink>,
            },
            {
              title: 'Give a consent',
              text: 'Say who may use which data, what for, and until when.',
              isDone: (views ?? []).some(({ standing }) => standing !== 'draft'),
              action: <ButtonLink to="/patient/consents/new">Give a consent</ButtonLink>,
            },
            {
              title: 'See who asks',
              text: 'Accesses and refusals appear by themselves, as they happen.',
              isDone: latest !== undefined,
              action: (
                <ButtonLink variant="default" to="/patient/accesses">
                  Look
                </ButtonLink>
              ),
            },
            {
              title: 'Collect your rewards',
              text: 'Each access pays you a share.',
              isDone: hasEarned && (owed.data ?? []).every(({ amount }) => amount === 0n),
              action: <ButtonLink to="/patient/rewards">Collect</ButtonLink>,
            },
          ]}
        />
      </Panel>
      <div className={styles.tiles}>
        <Panel title="Consents">
          <p className={styles.figure}>{views === undefined ? '…' : active.length}</p>
          <p className={styles.figureNote}>in force now</p>
          <TextLink to="/patient/consents">See and end them</TextLink>
        </Panel>
        <Panel title="Accesses">
          <p className={styles.figure}>{list.data === undefined ? '…' : list.data.accesses.length}</p>
          <p className={styles.figureNote}>
            {latest === undefined ? (
              'nobody has asked yet'
            ) : (
              <>
                last <Moment timeS={latest.loggedAtS} as="distance" />
              </>
            )}
          </p>
          <TextLink to="/patient/accesses">See who asked, and the proof</TextLink>
        </Panel>
        <Panel title="Rewards">
          {owed.data === undefined && <p className={styles.figure}>…</p>}
          {owed.data
            ?.filter(({ amount }, index) => amount > 0n || index === 0)
            .map(({ token, amount }) => (
              <p key={token.address} className={styles.figure}>
                <Amount amount={amount} unit={token} places={3} />
              </p>
            ))}
          <p className={styles.figureNote}>ready to collect</p>
          <TextLink to="/patient/rewards">Collect and history</TextLink>
        </Panel>
      </div>
    </Page>
  )
}
