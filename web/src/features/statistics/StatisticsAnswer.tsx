import type { StatisticsQuestion, StatisticsResult } from '@medsync/protocol'
import { MIN_COHORT } from '@medsync/protocol/sharing'
import type { JSX } from 'react'
import { BarTable } from '../../ui/chart/BarTable.tsx'
import { Explained } from '../../ui/Explained.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { CrossTableView } from './CrossTableView.tsx'
import { fieldWords, MEASURE_WORDS, questionWords } from './questionWords.ts'
import { binsOf, crossTableOf } from './resultCells.ts'
import styles from './StatisticsAnswer.module.css'

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 4 })

const WITHHELD = {
  'small-cohort': 'Fewer than 20 people of all hospitals together fit the question. Ask about more people.',
  'small-group':
    'With earlier answers, this one would tell of a group of fewer than 20 people. Ask about more people, or as you asked before.',
} as const

/** The answer to a question as all hospitals see it; what is withheld is said to be, and why. */
export function StatisticsAnswer({
  question,
  result,
}: {
  readonly question: StatisticsQuestion
  readonly result: StatisticsResult
}): JSX.Element {
  if (result.kind === 'withheld') {
    return (
      <Notice kind="warning" title="The answer is withheld">
        {WITHHELD[result.why]}
      </Notice>
    )
  }
  return (
    <div className={styles.answer} data-answer={result.kind}>
      {'value' in result ? <Figure question={question} result={result} /> : <Cells question={question} result={result} />}
      <p className={styles.note}>{`Of ${number.format(result.cohort)} people in all hospitals together.`}</p>
    </div>
  )
}

function Figure({
  question,
  result,
}: {
  readonly question: StatisticsQuestion
  readonly result: Extract<StatisticsResult, { value: number }>
}): JSX.Element {
  const { unit } = fieldWords(question.field)
  const unitWords = result.kind === 'count' ? 'people' : result.kind === 'variance' ? `${unit}, squared` : unit
  return (
    <>
      <p className={styles.figure} data-value={result.value}>
        {number.format(result.value)} <span className={styles.unit}>{unitWords}</span>
      </p>
      {result.kind === 'variance' && result.value >= 0 && (
        <p className={styles.note}>{`Standard deviation ${number.format(Math.sqrt(result.value))} ${unit}.`}</p>
      )}
    </>
  )
}

function Cells({
  question: { field, measure, cohort },
  result: { cells },
}: {
  readonly question: StatisticsQuestion
  readonly result: Extract<StatisticsResult, { cells: unknown }>
}): JSX.Element | null {
  const caption = questionWords({ field, measure, cohort })
  if (measure.kind === 'histogram') {
    const rows = binsOf(measure.edges, cells).map(({ label, people }) => ({ label, value: people }))
    return <BarTable caption={caption} labelHead={fieldWords(field).unit} valueHead="People" rows={rows} withheld={<Withheld />} />
  }
  if (measure.kind === 'crossTable')
    return <CrossTableView caption={caption} table={crossTableOf(measure, cohort, cells)} withheld={<Withheld />} />
  return <p className={styles.note}>{`${MEASURE_WORDS[measure.kind]}: the answer has another form than the question.`}</p>
}

function Withheld(): JSX.Element {
  return (
    <Explained word="withheld">
      {`Here are fewer than ${MIN_COHORT} people, or it is withheld so that another small cell cannot be reckoned back from the total.`}
    </Explained>
  )
}
