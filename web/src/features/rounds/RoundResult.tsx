import type { RoundDetail } from '@medsync/protocol'
import type { JSX } from 'react'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { Notice } from '../../ui/Notice.tsx'
import { StatisticsAnswer } from '../statistics/StatisticsAnswer.tsx'
import styles from './RoundView.module.css'

export type RoundResultProps = { readonly round: RoundDetail; readonly result: NonNullable<RoundDetail['result']> }

/** What came of a round, and whether this hospital reckoned the same itself. */
export function RoundResult({ round: { question, isConfirmed, own }, result }: RoundResultProps): JSX.Element {
  return (
    <>
      {result.kind === 'ranking' ? (
        <>
          <p
            className={styles.total}
          >{`${countOf(result.total, 'case')} of all hospitals were put in order. Where each of your own cases stands is on your board. Allocation shows the place to the other hospitals, under a pseudonym.`}</p>
          {own?.areFalse === true && (
            <Notice kind="warning" title="Your cases have no ranks from this round">
              One of the answers to your hospital was false, so its ranks cannot be true. Rank again; if it happens twice, tell the keeper
              of the circle. Nobody else was told.
            </Notice>
          )}
          {own !== null && own.left > 0 && (
            <Notice kind="warning" title={`${countOf(own.left, 'case')} of yours found no place`}>
              {`The ${own.cases} most urgent were ranked. Rank again with more places. Nobody else was told.`}
            </Notice>
          )}
          <ButtonLink to="/hospital/cases" variant="default">
            See your cases
          </ButtonLink>
        </>
      ) : (
        question !== null && <StatisticsAnswer question={question} result={result} />
      )}
      <p className={styles.note} data-confirmed={isConfirmed}>
        {isConfirmed === true
          ? 'Your hospital opened the shares itself and came to the same result.'
          : 'This is what the opener states: the round went on without your hospital, which cannot check it.'}
      </p>
    </>
  )
}
