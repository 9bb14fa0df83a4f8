import { Button } from '@mantine/core'
import type { CaseDetail } from '@medsync/protocol'
import { type JSX, useState } from 'react'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { Explained } from '../../ui/Explained.tsx'
import { Facts } from '../../ui/Facts.tsx'
import { formatTimeOfDay } from '../../ui/format/formatTime.ts'
import { Page } from '../../ui/layout/Page.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { Moment } from '../../ui/Moment.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { TextLink } from '../../ui/TextLink.tsx'
import { useNowS } from '../../ui/useNowS.ts'
import { problemOf } from '../problem/problemOf.ts'
import { AssessmentForm } from './AssessmentForm.tsx'
import { CaseHistory } from './CaseHistory.tsx'
import styles from './CaseView.module.css'
import { nameOfPatient, rankWords, riskOf, SCOPE_WORDS, STATUS_WORDS, specialtyWords } from './caseWords.ts'
import { DecisionPanel } from './DecisionPanel.tsx'
import { EvidenceTable, type WithId } from './EvidenceTable.tsx'
import { NoteForm } from './NoteForm.tsx'
import { NotesList } from './NotesList.tsx'
import { NotTaken } from './NotTaken.tsx'
import { RaisedBy } from './RaisedBy.tsx'
import { ScoreBadge } from './ScoreBadge.tsx'
import { useCaseDeed } from './useCases.ts'
import { VitalsForm } from './VitalsForm.tsx'

/** One case: its score and who stands behind it, what it is made of, and what can be added. */
export function CaseView({ detail }: { readonly detail: CaseDetail }): JSX.Element {
  const takeBack = useCaseDeed(detail.case, 'observations')
  const isOpen = detail.status !== 'done'
  const { urgency } = detail
  const withdraw = (resource: WithId): void => takeBack.mutate({ observations: [{ ...resource, status: 'entered-in-error' }] })
  return (
    <Page
      title={nameOfPatient(detail.patient)}
      eyebrow={<TextLink to="/hospital/cases">Cases</TextLink>}
      lead={
        <>
          {specialtyWords(detail.specialty)}, arrived <Moment timeS={detail.arrivedAtS} as="distance" />
          {detail.patient !== null && detail.patient.birthDate !== '' && `, born ${detail.patient.birthDate}`}
        </>
      }
      actions={<StatusButtons detail={detail} />}
    >
      <ScorePanel detail={detail} />
      <div className={styles.columns}>
        <div className={styles.stack}>
          <Panel title="Vital signs" note={<Window detail={detail} />}>
            <EvidenceTable detail={detail} onWithdraw={isOpen ? withdraw : undefined} />
            {takeBack.isError && <ProblemNotice problem={problemOf(takeBack.error)} />}
          </Panel>
          {isOpen && (
            <Panel title="Add vital signs">
              <VitalsForm detail={detail} />
            </Panel>
          )}
          {urgency.implausible.length > 0 && (
            <Panel
              title="Values that were not taken"
              note="They count for nothing, and never lower a score. Measure again, or correct them."
            >
              <NotTaken detail={detail} />
            </Panel>
          )}
        </div>
        <div className={styles.stack}>
          <Panel title="What raises it">
            <RaisedBy detail={detail} />
          </Panel>
          <Panel title="Notes">
            <div className={styles.stack}>
              {detail.notes.length > 0 && <NotesList notes={detail.notes} />}
              {isOpen && <NoteForm detail={detail} />}
            </div>
          </Panel>
          {isOpen && (
            <Panel title="What a clinician says">
              <AssessmentForm key={`${detail.oxygenScale} ${detail.isPregnant}`} detail={detail} />
            </Panel>
          )}
          <Panel title="History">
            <CaseHistory detail={detail} />
          </Panel>
        </div>
      </div>
    </Page>
  )
}

function ScorePanel({ detail }: { readonly detail: CaseDetail }): JSX.Element {
  const nowS = useNowS()
  const { urgency, outOfScope } = detail
  const risk = riskOf(detail)
  const raised = urgency.score - urgency.floor
  return (
    <Panel>
      <div className={styles.score}>
        <ScoreBadge score={detail.score} isLarge />
        <div className={styles.made}>
          <p className={styles.pills}>
            {outOfScope === null && (
              <StatusPill tone={risk.tone}>
                {risk.words}, NEWS2 {urgency.news2.total}
              </StatusPill>
            )}
            <StatusPill tone={detail.status === 'waiting' ? 'waiting' : 'rest'}>{STATUS_WORDS[detail.status]}</StatusPill>
          </p>
          <Facts
            rows={[
              [
                'Computed',
                `${urgency.score}: ${urgency.core} from vital signs${partWords(urgency.floor - urgency.core, 'laboratory values')}${partWords(raised, 'notes')}`,
              ],
              urgency.worst > urgency.floor && [
                'At worst',
                <Explained key="worst" word={`${urgency.worst}, if what is not known were at its worst`}>
                  Something is not measured, or too old. The score counts what is known; this is what it would be if all the rest were as
                  bad as can be. Measuring settles it.
                </Explained>,
              ],
              [
                'All hospitals',
                detail.rank === null
                  ? 'Not ranked yet'
                  : `${rankWords(detail.rank)}, as of ${formatTimeOfDay(detail.rank.rankedAtS, nowS)}${detail.rank.hasChanged ? '; its score has changed since' : ''}`,
              ],
              ['Rules', `${urgency.version}${detail.oxygenScale === 2 ? ', oxygen scale 2' : ''}`],
            ]}
          />
        </div>
        <div className={styles.decision}>
          <DecisionPanel detail={detail} />
        </div>
      </div>
      {outOfScope !== null && (
        <div className={styles.scope}>
          <Notice kind="warning" title={`NEWS2 does not apply: the patient is ${SCOPE_WORDS[outOfScope]}`}>
            The case stands as one of whom nothing is known. A clinician has to set its score.
          </Notice>
        </div>
      )}
    </Panel>
  )
}

function partWords(raise: number, from: string): string {
  return raise === 0 ? '' : ` + ${raise} from ${from}`
}

function Window({ detail: { episodeFromS } }: { readonly detail: CaseDetail }): JSX.Element {
  return (
    <>
      What was measured since <Moment timeS={episodeFromS} /> counts. A value counts until a newer one replaces it; after 12 hours it is due
      again.
    </>
  )
}

function StatusButtons({ detail }: { readonly detail: CaseDetail }): JSX.Element {
  const move = useCaseDeed(detail.case, 'status')
  const [isEnding, setIsEnding] = useState(false)
  return (
    <>
      {detail.status !== 'done' && (
        <>
          {detail.status === 'waiting' ? (
            <Button variant="default" loading={move.isPending} onClick={() => move.mutate({ status: 'allocated' })}>
              Has a place
            </Button>
          ) : (
            <Button variant="default" loading={move.isPending} onClick={() => move.mutate({ status: 'waiting' })}>
              Back to waiting
            </Button>
          )}
          <Button variant="default" onClick={() => setIsEnding(true)}>
            Done
          </Button>
        </>
      )}
      {move.isError && <ProblemNotice problem={problemOf(move.error)} />}
      <ConfirmDialog
        opened={isEnding}
        title="Is this case done?"
        confirm="Yes, it is done"
        onCancel={() => setIsEnding(false)}
        onConfirm={() => {
          setIsEnding(false)
          move.mutate({ status: 'done' })
        }}
      >
        It leaves the board and is ranked no more, and nothing can be added to it. It cannot be opened again; if the patient comes back, add
        another case.
      </ConfirmDialog>
    </>
  )
}
