import { Checkbox } from '@mantine/core'
import type { TrialMatch, TrialMatchRow } from '@medsync/protocol'
import type { JSX } from 'react'
import { StatusPill, type StatusTone } from '../../ui/StatusPill.tsx'
import { nameOfPatient } from '../cases/caseWords.ts'
import { canInvite } from './canInvite.ts'
import styles from './Trials.module.css'

const VERDICTS: Readonly<Record<TrialMatch['verdict'], readonly [words: string, tone: StatusTone]>> = {
  met: ['Fits', 'good'],
  'not-met': ['Does not fit', 'rest'],
  unknown: ['Not known', 'waiting'],
}
const INVITED: Readonly<Record<NonNullable<TrialMatch['invitation']>, string>> = {
  open: 'Invited',
  accepted: 'Said yes',
  declined: 'Said no',
}

export type MatchRowProps = {
  readonly match: TrialMatchRow
  readonly isChosen: boolean
  readonly onChoose: (isChosen: boolean) => void
}

/** One record against a study's criteria, with what each was compared with. */
export function MatchRow({ match, isChosen, onChoose }: MatchRowProps): JSX.Element {
  const [words, tone] = VERDICTS[match.verdict]
  const label = nameOfPatient(match.patient)
  return (
    <li className={styles.row} data-match={match.verdict} data-record={match.record}>
      <Checkbox
        aria-label={`Invite ${label}`}
        checked={isChosen}
        disabled={!canInvite(match)}
        onChange={(event) => onChoose(event.currentTarget.checked)}
      />
      <div>
        <p className={styles.title}>{label}</p>
        <p className={styles.note}>{whyNot(match)}</p>
      </div>
      {match.invitation === null ? (
        <StatusPill tone={tone}>{words}</StatusPill>
      ) : (
        <StatusPill tone={match.invitation === 'accepted' ? 'good' : 'rest'}>{INVITED[match.invitation]}</StatusPill>
      )}
      <details className={styles.evidence}>
        <summary>Criterion by criterion</summary>
        <ul>
          {match.criteria.map((criterion) => (
            <li key={criterion.characteristic}>
              {criterion.isExcluded ? 'Left out' : 'Needed'}: {criterion.asked}. <strong>{VERDICTS[criterion.verdict][0]}.</strong>{' '}
              {[...criterion.evidence.map(({ found }) => found), ...criterion.missing.map(({ what }) => `not known: ${what}`)].join('; ')}
            </li>
          ))}
        </ul>
      </details>
    </li>
  )
}

function whyNot(match: TrialMatch): string {
  if (match.isDeceased) return 'Deceased'
  if (match.invitation !== null) return 'Was asked'
  if (match.verdict !== 'met') return match.verdict === 'unknown' ? 'The record does not say enough' : 'Not all criteria are met'
  return match.isLinked ? 'Can be invited' : 'No account is linked: give the patient a code first'
}
