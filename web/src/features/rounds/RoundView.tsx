import { Button } from '@mantine/core'
import type { RoundDetail } from '@medsync/protocol'
import { PRIVACY_BUDGET } from '@medsync/protocol/sharing'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import * as z from 'zod'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { Facts } from '../../ui/Facts.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { Page } from '../../ui/layout/Page.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { Moment } from '../../ui/Moment.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { TextLink } from '../../ui/TextLink.tsx'
import { useNowS } from '../../ui/useNowS.ts'
import { listWords } from '../consents/termsInWords.ts'
import { useOrganisationName } from '../network/useNetwork.ts'
import { problemOf } from '../problem/problemOf.ts'
import { callGateway } from '../session/callGateway.ts'
import { epsilonWords } from '../statistics/privacyWords.ts'
import { ContributionGrid } from './ContributionGrid.tsx'
import { plannedSteps } from './contributionsOf.ts'
import { RoundResult } from './RoundResult.tsx'
import styles from './RoundView.module.css'
import { reasonWords, STATE_WORDS, stepWords, timeLeftWords, titleOf } from './roundWords.ts'
import { isBeingOpened } from './useRounds.ts'

/** One round: what it asks, how far it is, and what came of it. */
export function RoundView({ round }: { readonly round: RoundDetail }): JSX.Element {
  const nameOf = useOrganisationName()
  const [words, tone] = STATE_WORDS[round.state]
  return (
    <Page
      title={titleOf(round)}
      eyebrow={<TextLink to="/hospital/rounds">Together</TextLink>}
      lead={
        round.question === null ? 'The order of all hospitals’ waiting cases, by urgency.' : 'Over the people of all hospitals together.'
      }
      actions={round.state === 'opened' && <AbortButton round={round.round} />}
    >
      <div className={styles.stand} data-round-state={round.state}>
        <StatusPill tone={tone}>{words}</StatusPill>
        {round.state === 'opened' && <Progress round={round} />}
      </div>
      {round.reason !== null && <Reason reason={round.reason} />}
      {round.tampered.length > 0 && (
        <Notice kind="warning" title="False shares were sent, found and left out">
          {`By ${listWords(round.tampered.map(nameOf))}. The result stands without them. Tell the keeper of the circle.`}
        </Notice>
      )}
      {round.result !== null && (
        <Panel title="Result">
          <RoundResult round={round} result={round.result} />
        </Panel>
      )}
      {isBeingOpened(round) && (
        <Notice title="Your hospital is opening the shares itself">The result is shown as soon as it has come to the same.</Notice>
      )}
      {round.isConfirmed === false && (
        <Notice kind="warning" title="The result that was stated is not shown">
          Your hospital opened the shares itself and did not come to it. Tell the keeper of the circle, and ask again.
        </Notice>
      )}
      <Panel title="Who has contributed">
        <ContributionGrid round={{ ...round, steps: plannedSteps(round) }} />
      </Panel>
      <Panel title="About this round" quiet>
        <Facts
          rows={[
            ['Opened by', round.openedBy === null ? 'an unknown member' : nameOf(round.openedBy)],
            ['Hospitals', listWords(round.parties.map(nameOf))],
            ['Shares', `${countOf(round.threshold, 'hospital')} together can open one; fewer learn nothing from it`],
            round.asOfS !== null && [
              'Time',
              <>
                {`People whom a hospital had, and what was known of them, at `}
                <Moment timeS={round.asOfS} />
              </>,
            ],
            round.question?.privacy !== undefined && [
              'Noise',
              `Epsilon ${epsilonWords(round.question.privacy.epsilonMilli)}, of ${epsilonWords(PRIVACY_BUDGET.totalMilli)} that all answers with noise may cost in a year`,
            ],
            round.slots !== null && ['Places', `${round.slots} at each hospital, the same for all, so that nobody’s number of cases shows`],
          ]}
        />
      </Panel>
    </Page>
  )
}

function Progress({ round }: { readonly round: RoundDetail }): JSX.Element {
  const nowS = useNowS(1_000)
  const { step, deadlineS } = round
  const steps = plannedSteps(round)
  const place = steps.findIndex(({ name }) => name === step)
  return (
    <span role="status">
      {step !== null && `Step ${place + 1} of ${steps.length}, “${stepWords(step)}”. `}
      <span aria-hidden="true">{timeLeftWords(deadlineS, nowS) ?? 'Time is up; the round goes on, or is given up.'}</span>
    </span>
  )
}

function Reason({ reason }: { readonly reason: NonNullable<RoundDetail['reason']> }): JSX.Element {
  const nameOf = useOrganisationName()
  const { what, hint } = reasonWords(reason, nameOf)
  return (
    <Notice kind="problem" title={what}>
      {hint}
      {reason.by !== null && ` ${nameOf(reason.by)} said so.`}
    </Notice>
  )
}

function AbortButton({ round }: { readonly round: string }): JSX.Element {
  const queries = useQueryClient()
  const [isAsking, setIsAsking] = useState(false)
  const abort = useMutation({
    mutationFn: () =>
      callGateway({ path: `/hospital/rounds/${encodeURIComponent(round)}/abort`, answer: z.unknown(), method: 'POST', body: {} }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['mine', 'rounds'] }),
  })
  return (
    <>
      <Button variant="default" loading={abort.isPending} onClick={() => setIsAsking(true)}>
        Give it up
      </Button>
      {abort.isError && <ProblemNotice problem={problemOf(abort.error)} />}
      <ConfirmDialog
        opened={isAsking}
        danger
        title="Give this round up?"
        confirm="Give it up"
        onCancel={() => setIsAsking(false)}
        onConfirm={() => {
          setIsAsking(false)
          abort.mutate()
        }}
      >
        It ends for all hospitals without a result. What was dealt is thrown away. A new round can be opened at any time.
      </ConfirmDialog>
    </>
  )
}
