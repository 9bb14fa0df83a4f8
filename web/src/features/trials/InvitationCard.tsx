import { Button, Title } from '@mantine/core'
import type { Invitation } from '@medsync/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type JSX, useId, useState } from 'react'
import * as z from 'zod'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { Facts } from '../../ui/Facts.tsx'
import { Moment } from '../../ui/Moment.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { StatusPill, type StatusTone } from '../../ui/StatusPill.tsx'
import { useNowS } from '../../ui/useNowS.ts'
import { useOrganisationName } from '../network/useNetwork.ts'
import { problemOf } from '../problem/problemOf.ts'
import { callGateway } from '../session/callGateway.ts'
import styles from './Trials.module.css'

const STATES: Readonly<Record<Invitation['state'], readonly [words: string, tone: StatusTone]>> = {
  open: ['Waits for you', 'waiting'],
  accepted: ['Accepted', 'good'],
  declined: ['Declined', 'rest'],
}

/** One invitation to a study: what it is, why the patient's hospital thinks they fit, and the two answers. */
export function InvitationCard({ invitation }: { readonly invitation: Invitation }): JSX.Element {
  const titleId = useId()
  const nameOf = useOrganisationName()
  const nowS = useNowS()
  const [words, tone] = STATES[invitation.state]
  const isOver = invitation.deadlineS <= nowS
  return (
    <article className={styles.card} aria-labelledby={titleId} data-invitation={invitation.state}>
      <div className={styles.head}>
        <Title order={2} size="h3" id={titleId}>
          {invitation.details?.title ?? `Study ${invitation.study}`}
        </Title>
        <StatusPill tone={isOver && invitation.state === 'open' ? 'rest' : tone}>
          {isOver && invitation.state === 'open' ? 'The study is over' : words}
        </StatusPill>
      </div>
      {invitation.details !== null && invitation.details.summary !== '' && <p className={styles.note}>{invitation.details.summary}</p>}
      <Facts
        rows={[
          ['From', nameOf(invitation.organisation)],
          [
            'Invited by',
            <>
              {nameOf(invitation.hospital)}, <Moment timeS={invitation.invitedAtS} as="distance" />
            </>,
          ],
          ['Runs until', <Moment key="until" timeS={invitation.deadlineS} as="day" />],
        ]}
      />
      {invitation.words.length > 0 && (
        <div className={styles.evidence}>
          <details>
            <summary>Whom it looks for</summary>
            <ul>
              {[...new Set(invitation.words)].map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          </details>
        </div>
      )}
      {invitation.state === 'open' && !isOver && <Answers invitation={invitation} />}
      {invitation.state === 'declined' && !isOver && (
        <>
          <p className={styles.note}>You said no, and the study was told nothing. While it runs you can still change your mind.</p>
          <div className={styles.foot}>
            <ButtonLink variant="default" to={`/patient/invitations/${invitation.invitation}`}>
              Look at the consent after all
            </ButtonLink>
          </div>
        </>
      )}
    </article>
  )
}

function Answers({ invitation: { invitation, hospital } }: { readonly invitation: Invitation }): JSX.Element {
  const queries = useQueryClient()
  const nameOf = useOrganisationName()
  const [isDeclining, setIsDeclining] = useState(false)
  const decline = useMutation({
    mutationFn: () => callGateway({ path: `/patient/invitations/${invitation}/decline`, answer: z.unknown(), method: 'POST' }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['mine', 'invitations'] }),
  })
  return (
    <>
      <p className={styles.note}>
        The study does not know you. It learns of you only if you give it your consent; {nameOf(hospital)} told it nothing but how many
        there are.
      </p>
      <div className={styles.foot}>
        <ButtonLink to={`/patient/invitations/${invitation}`}>Look at the consent</ButtonLink>
        <Button variant="default" loading={decline.isPending} onClick={() => setIsDeclining(true)}>
          Decline
        </Button>
      </div>
      {decline.isError && <ProblemNotice problem={problemOf(decline.error)} />}
      <ConfirmDialog
        opened={isDeclining}
        title="Decline the invitation?"
        confirm="Decline"
        onCancel={() => setIsDeclining(false)}
        onConfirm={() => {
          setIsDeclining(false)
          decline.mutate()
        }}
      >
        Nothing about you is told to the study, and your care is not affected. You are not asked for this study again, but you can still say
        yes here while it runs.
      </ConfirmDialog>
    </>
  )
}
