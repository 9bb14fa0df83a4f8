import { Button } from '@mantine/core'
import { type HospitalTrial, invitedSchema, type RecordId } from '@medsync/protocol'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import { countOf } from '../../ui/format/countOf.ts'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { useOrganisationName } from '../network/useNetwork.ts'
import { problemOf } from '../problem/problemOf.ts'
import { callGateway } from '../session/callGateway.ts'
import { canInvite, inviteFirst } from './canInvite.ts'
import { MatchRow } from './MatchRow.tsx'
import styles from './Trials.module.css'
import { matchesQuery } from './useTrials.ts'

/** A study that hospitals were asked about: which own records fit, and whom to invite. None of it leaves the hospital. */
export function MatchesPanel({ trial }: { readonly trial: HospitalTrial }): JSX.Element {
  const queries = useQueryClient()
  const nameOf = useOrganisationName()
  const matches = useQuery(matchesQuery(trial.study))
  const [chosen, setChosen] = useState<readonly RecordId[]>([])
  const invite = useMutation({
    mutationFn: () =>
      callGateway({
        path: `/hospital/trials/${trial.study}/invitations`,
        answer: invitedSchema,
        method: 'POST',
        body: { records: chosen },
      }),
    onSuccess: () => setChosen([]),
    onSettled: () => queries.invalidateQueries({ queryKey: ['mine', 'invitations'] }),
  })
  const [showsAll, setShowsAll] = useState(false)
  const shown = inviteFirst(matches.data?.items ?? []).filter(
    (match) => showsAll || match.verdict !== 'not-met' || match.invitation !== null,
  )
  const free = matches.data?.items.filter(canInvite).map(({ record }) => record) ?? []
  return (
    <Panel
      title={trial.details?.title ?? `Study ${trial.study}`}
      note={`Of ${nameOf(trial.organisation)}. The office learns only how many fit in all hospitals together.`}
    >
      <ul className={styles.words} aria-label="Whom it looks for">
        {[...new Set(trial.words)].map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {matches.isPending && <ListSkeleton what="the records that fit" heightPx={64} />}
      {matches.isError && <ProblemNotice problem={problemOf(matches.error)} onRetry={() => void matches.refetch()} />}
      {matches.data !== undefined && (
        <>
          <p className={styles.totals} data-totals="">
            {countOf(matches.data.totals.met, 'record fits', 'records fit')}, {matches.data.totals['not-met']} do not
            {matches.data.totals.unknown > 0 && `, of ${matches.data.totals.unknown} it is not known`}.
          </p>
          <ul className={styles.rows} aria-label="Records, those that can be invited first">
            {shown.map((match) => (
              <MatchRow
                key={match.record}
                match={match}
                isChosen={chosen.includes(match.record)}
                onChoose={(isChosen) => setChosen(isChosen ? [...chosen, match.record] : chosen.filter((each) => each !== match.record))}
              />
            ))}
          </ul>
          {shown.length < matches.data.items.length && (
            <div className={styles.foot}>
              <Button variant="default" size="compact-md" onClick={() => setShowsAll(true)}>
                {`Show ${countOf(matches.data.items.length - shown.length, 'record that does', 'records that do')} not fit`}
              </Button>
            </div>
          )}
          <div className={styles.foot}>
            <Button loading={invite.isPending} disabled={chosen.length === 0} onClick={() => invite.mutate()}>
              {chosen.length === 0 ? 'Choose whom to invite' : `Invite ${countOf(chosen.length, 'patient')}`}
            </Button>
            {free.length > 1 && chosen.length < free.length && (
              <Button variant="default" onClick={() => setChosen(free)}>
                Choose all {free.length} that can be invited
              </Button>
            )}
          </div>
        </>
      )}
      {invite.isError && <ProblemNotice problem={problemOf(invite.error)} />}
      {invite.isSuccess && (
        <Notice kind="good">
          {countOf(invite.data.invited.length, 'patient was', 'patients were')} invited.
          {invite.data.left.length > 0 &&
            ` ${countOf(invite.data.left.length, 'was', 'were')} left out: they no longer fit, or were asked before.`}
        </Notice>
      )}
    </Panel>
  )
}
