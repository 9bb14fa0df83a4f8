import type { PrivacyBudget } from '@medsync/protocol'
import type { JSX } from 'react'
import { Moment } from '../../ui/Moment.tsx'
import styles from './BudgetBar.module.css'
import { epsilonWords } from './privacyWords.ts'

export type BudgetBarProps = {
  readonly budget: PrivacyBudget
  /** What a question would take; 0 when none is about to be asked. */
  readonly askedMilli?: number
}

/** What of the year's budget is spent, what a question would take of it, and what is left then. */
export function BudgetBar({ budget, askedMilli = 0 }: BudgetBarProps): JSX.Element {
  const { totalMilli, spentMilli, returnsAtS } = budget
  const leftMilli = totalMilli - spentMilli - askedMilli
  const isOver = leftMilli < 0
  const width = (milli: number) => ({ width: `${(100 * Math.max(0, milli)) / totalMilli}%` })
  return (
    <div className={styles.budget} data-spent={spentMilli} data-left={leftMilli}>
      <div className={styles.bar} aria-hidden="true">
        <span className={styles.spent} style={width(spentMilli)} />
        <span className={isOver ? styles.over : styles.asked} style={width(Math.min(askedMilli, totalMilli - spentMilli))} />
      </div>
      <ul className={styles.legend}>
        <li>
          <span className={`${styles.swatch} ${styles.spent}`} aria-hidden="true" />
          {`${epsilonWords(spentMilli)} spent`}
        </li>
        {askedMilli > 0 && (
          <li>
            <span className={`${styles.swatch} ${isOver ? styles.over : styles.asked}`} aria-hidden="true" />
            {`${epsilonWords(askedMilli)} for this question`}
          </li>
        )}
        <li>
          <span className={styles.swatch} aria-hidden="true" />
          {`${epsilonWords(isOver ? totalMilli - spentMilli : leftMilli)} left${isOver ? ': too little' : askedMilli > 0 ? ' after it' : ''}`}
        </li>
      </ul>
      <p className={styles.note}>
        {`${epsilonWords(totalMilli)} a year for all answers with noise, whoever asks. `}
        {returnsAtS === null ? (
          'Nothing is spent yet.'
        ) : (
          <>
            {'The first part comes back on '}
            <Moment timeS={returnsAtS} as="day" />.
          </>
        )}
      </p>
    </div>
  )
}
