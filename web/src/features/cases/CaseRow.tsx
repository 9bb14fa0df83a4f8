import { VisuallyHidden } from '@mantine/core'
import type { CaseRow as Case, CaseRank, CaseSummary } from '@medsync/protocol'
import { ArrowDown, ArrowUp, ChevronRight, TriangleAlert } from 'lucide-react'
import type { JSX } from 'react'
import { Link } from 'react-router'
import { Moment } from '../../ui/Moment.tsx'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { listWords } from '../consents/termsInWords.ts'
import styles from './CaseRow.module.css'
import {
  decisionWords,
  moveOf,
  nameOfPatient,
  PARAMETER_WORDS,
  rankWords,
  riskOf,
  SCOPE_WORDS,
  STATUS_WORDS,
  specialtyWords,
} from './caseWords.ts'
import { ScoreBadge } from './ScoreBadge.tsx'

export type CaseRowProps = {
  readonly summary: Case
  /** Whether the list holds cases of more than one status. */
  readonly showsStatus: boolean
}

/** One case of the board: its score, whose it is, what is missing, and its place among all hospitals' cases. */
export function CaseRow({ summary, showsStatus }: CaseRowProps): JSX.Element {
  const { words: bandWords, tone } = riskOf(summary)
  const decided = decisionWords(summary)
  return (
    <li className={styles.row} data-case={summary.case}>
      <ScoreBadge score={summary.score} />
      <div className={styles.words}>
        <p className={styles.name}>
          <Link to={`/hospital/cases/${summary.case}`}>{nameOfPatient(summary.patient)}</Link>
        </p>
        <p className={styles.note}>
          {specialtyWords(summary.specialty)}, arrived <Moment timeS={summary.arrivedAtS} as="distance" />
        </p>
        <p className={styles.pills}>
          {summary.outOfScope === null ? (
            <StatusPill tone={tone}>{bandWords}</StatusPill>
          ) : (
            <StatusPill tone="bad">NEWS2 does not apply: {SCOPE_WORDS[summary.outOfScope]}</StatusPill>
          )}
          {decided !== undefined && <StatusPill tone="good">{decided}</StatusPill>}
          {summary.hasLapsed && <StatusPill tone="bad">Decide again</StatusPill>}
          {showsStatus && <StatusPill tone={summary.status === 'waiting' ? 'waiting' : 'rest'}>{STATUS_WORDS[summary.status]}</StatusPill>}
        </p>
        <Unknown summary={summary} />
      </div>
      <div className={styles.rank} data-rank={summary.rank?.rank}>
        {summary.rank === null ? <span className={styles.note}>Not ranked yet</span> : <Rank rank={summary.rank} />}
      </div>
      <ChevronRight className={styles.arrow} size={20} aria-hidden="true" />
    </li>
  )
}

/** The place among all hospitals' cases, how it moved, and whether it is still of the score that stands here. */
function Rank({ rank }: { readonly rank: CaseRank }): JSX.Element {
  const move = moveOf(rank)
  return (
    <>
      <p className={styles.place}>{rankWords(rank)}</p>
      {move !== undefined && (
        <p className={styles.moved} data-moved={move.way}>
          {move.way === 'up' && <ArrowUp size={15} aria-hidden="true" />}
          {move.way === 'down' && <ArrowDown size={15} aria-hidden="true" />}
          {move.words}
          <VisuallyHidden> since the ranking before</VisuallyHidden>
        </p>
      )}
      {rank.hasChanged && <p className={styles.stale}>Score changed since</p>}
    </>
  )
}

function Unknown({ summary: { missing, outdated, outOfScope } }: { readonly summary: CaseSummary }): JSX.Element | null {
  const old = outdated.filter((parameter) => !missing.includes(parameter))
  if (outOfScope !== null || missing.length + old.length === 0) return null
  const words = (parameters: typeof missing): string => listWords(parameters.map((each) => PARAMETER_WORDS[each].toLowerCase()))
  const isNothingKnown = missing.length === Object.keys(PARAMETER_WORDS).length
  return (
    <p className={styles.unknown}>
      <TriangleAlert size={16} aria-hidden="true" />
      <span>
        {isNothingKnown && 'No vital sign is known. '}
        {!isNothingKnown && missing.length > 0 && `Not measured: ${words(missing)}. `}
        {old.length > 0 && `Measure again: ${words(old)}.`}
      </span>
    </p>
  )
}
