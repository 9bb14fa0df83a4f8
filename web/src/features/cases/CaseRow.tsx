import type { CaseSummary } from '@medsync/protocol'
import { ChevronRight, TriangleAlert } from 'lucide-react'
import type { JSX } from 'react'
import { Link } from 'react-router'
import { Moment } from '../../ui/Moment.tsx'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { useNowS } from '../../ui/useNowS.ts'
import { listWords } from '../consents/termsInWords.ts'
import styles from './CaseRow.module.css'
import { decisionWords, PARAMETER_WORDS, rankWords, riskOf, SCOPE_WORDS, STATUS_WORDS, specialtyWords } from './caseWords.ts'
import { ScoreBadge } from './ScoreBadge.tsx'

export type CaseRowProps = {
  readonly summary: CaseSummary
  /** The patient's name, when it is known. */
  readonly name: string | undefined
  /** Whether the list holds cases of more than one status. */
  readonly showsStatus: boolean
}

/** One case of the board: its score, whose it is, what is missing, and its place among all hospitals' cases. */
export function CaseRow({ summary, name, showsStatus }: CaseRowProps): JSX.Element {
  const nowS = useNowS()
  const { words: bandWords, tone } = riskOf(summary)
  const decided = decisionWords(summary)
  return (
    <li className={styles.row} data-case={summary.case}>
      <ScoreBadge score={summary.score} />
      <div className={styles.words}>
        <p className={styles.name}>
          <Link to={`/hospital/cases/${summary.case}`}>{name ?? 'A record that is being looked up'}</Link>
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
      <p className={styles.rank} data-rank={summary.rank?.rank}>
        {summary.rank === null ? <span className={styles.note}>Not ranked yet</span> : rankWords(summary.rank, nowS)}
      </p>
      <ChevronRight className={styles.arrow} size={20} aria-hidden="true" />
    </li>
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
