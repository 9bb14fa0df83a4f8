import type { JSX } from 'react'
import { Panel } from '../../ui/layout/Panel.tsx'
import { learntFrom, questionWords } from './questionWords.ts'
import styles from './StatisticsForm.module.css'
import { questionOf, type StatisticsDraft } from './statisticsDraft.ts'

/** What everybody in the circle will learn from the answer to a question, and what nobody will. */
export function LearntPanel({ draft, isWhole }: { readonly draft: StatisticsDraft; readonly isWhole: boolean }): JSX.Element {
  const { learnt, hidden } = learntFrom(draft.measure, draft.epsilonMilli !== null)
  return (
    <Panel title="What everybody will learn">
      <p className={styles.question} aria-live="polite">
        {isWhole ? questionWords(questionOf(draft)) : 'Something is still missing in the question.'}
      </p>
      <ul className={styles.list}>
        {learnt.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <p className={styles.name}>What nobody will learn from this answer alone</p>
      <ul className={styles.list}>
        {hidden.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Panel>
  )
}
