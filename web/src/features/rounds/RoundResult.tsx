import type { RoundDetail } from '@medsync/protocol'
import type { JSX } from 'react'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { StatisticsAnswer } from '../statistics/StatisticsAnswer.tsx'
import styles from './RoundView.module.css'

export type RoundResultProps = { readonly round: RoundDetail; readonly result: NonNullable<RoundDetail['result']> }

/** What came of a round, and whether this hospital reckoned the same itself. */
export function RoundResult({ round: { question, isConfirmed }, result }: RoundResultProps): JSX.Element {
  return (
    <>
      {result.kind === 'ranking' ? (
        <>
          <p
            className={styles.total}
          >{`${countOf(result.total, 'case')} of all hospitals were put in order. Where each of your own cases stands is on your board; nobody else knows it.`}</p>
          <ButtonLink to="/hospital/cases" variant="default">
            See your cases
          </ButtonLink>
        </>
      ) : (
        question !== null && <StatisticsAnswer question={question} result={result} />
      )}
      {isConfirmed !== null && (
        <p className={styles.note} data-confirmed={isConfirmed}>
          {isConfirmed
            ? 'Your hospital opened the shares itself and came to the same result.'
            : 'Your hospital could not confirm this with shares of its own: it came to another result, or kept none. Do not rely on it.'}
        </p>
      )}
    </>
  )
}
