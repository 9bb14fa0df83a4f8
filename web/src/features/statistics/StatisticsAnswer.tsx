import type { StatisticsQuestion, StatisticsResult } from '@medsync/protocol'
import { MIN_COHORT } from '@medsync/protocol/sharing'
import type { JSX } from 'react'
import { BarTable } from '../../ui/chart/BarTable.tsx'
import { Explained } from '../../ui/Explained.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { CrossTableView } from './CrossTableView.tsx'
import { epsilonWords, noisedWords } from './privacyWords.ts'
import { fieldWords, MEASURE_WORDS, questionWords } from './questionWords.ts'
import { binsOf, crossTableOf } from './resultCells.ts'
import styles from './StatisticsAnswer.module.css'

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 4 })
const rough = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })

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
        {question.privacy === undefined
          ? WITHHELD[result.why]
          : `With the hospitals’ noise the number of people is below ${MIN_COHORT}, and most of it may be noise. Ask about more people.`}
      </Notice>
    )
  }
  return (
    <div className={styles.answer} data-answer={result.kind}>
      {'value' in result ? <Figure question={question} result={result} /> : <Cells question={question} result={result} />}
      <p className={styles.note}>{cohortNote(result)}</p>
      {question.privacy !== undefined && result.error95 !== undefined && (
        <p className={styles.note} data-noise={question.privacy.epsilonMilli}>
          {noiseNote(result, epsilonWords(question.privacy.epsilonMilli))}
        </p>
      )}
    </div>
  )
}

type Told = Exclude<StatisticsResult, { kind: 'withheld' }>

function cohortNote({ cohort, error95 }: Told): string {
  const people = error95 === undefined ? number.format(cohort) : Object.values(noisedWords(cohort, error95.cohort)).join(' ')
  return `Of ${people} people in all hospitals together.`
}

function noiseNote(result: Told, epsilon: string): string {
  const isTable = 'cells' in result
  const isLoud = 'value' in result && result.error95 !== undefined && result.error95.value >= Math.abs(result.value)
  const more = isTable ? ' What is below zero is noise: few people, or none.' : isLoud ? ' Here all of it may be noise.' : ''
  return `Not exact: each hospital added noise of its own (epsilon ${epsilon}). ± is how far off ${isTable ? 'a number' : 'it'} is at most, in 95 of 100 answers.${more}`
}

function Figure({
  question,
  result,
}: {
  readonly question: StatisticsQuestion
  readonly result: Extract<StatisticsResult, { value: number }>
}): JSX.Element {
  const { unit } = fieldWords(question.field)
  const { value, error } =
    result.error95 === undefined
      ? { value: number.format(result.value), error: undefined }
      : noisedWords(result.value, result.error95.value)
  const unitWords = result.kind === 'count' ? 'people' : result.kind === 'variance' ? `${unit}, squared` : unit
  return (
    <>
      <p className={styles.figure} data-value={result.value}>
        {value} {error !== undefined && <span className={styles.error}>{error}</span>} <span className={styles.unit}>{unitWords}</span>
      </p>
      {result.kind === 'variance' && result.value >= 0 && <p className={styles.note}>{deviationNote(result, unit)}</p>}
    </>
  )
}

function deviationNote(
  { value, error95 }: { readonly value: number; readonly error95?: { readonly value: number } | undefined },
  unit: string,
): string {
  if (error95 === undefined) return `Standard deviation ${number.format(Math.sqrt(value))} ${unit}.`
  const [low, high] = [-error95.value, error95.value].map((error) => rough.format(Math.sqrt(Math.max(0, value + error))))
  return `Standard deviation between ${low} and ${high} ${unit}.`
}

function Cells({
  question,
  result: { cells, error95 },
}: {
  readonly question: StatisticsQuestion
  readonly result: Extract<StatisticsResult, { cells: unknown }>
}): JSX.Element | null {
  const { field, measure, cohort } = question
  const caption = questionWords(question)
  if (measure.kind === 'histogram') {
    const rows = binsOf(measure.edges, cells).map(({ label, people }) => ({ label, value: people }))
    const { unit } = fieldWords(field)
    return <BarTable caption={caption} labelHead={unit} valueHead="People" rows={rows} error={error95?.value} withheld={<Withheld />} />
  }
  if (measure.kind === 'crossTable')
    return <CrossTableView caption={caption} table={crossTableOf(measure, cohort, cells)} error={error95?.value} withheld={<Withheld />} />
  return <p className={styles.note}>{`${MEASURE_WORDS[measure.kind]}: the answer has another form than the question.`}</p>
}

function Withheld(): JSX.Element {
  return (
    <Explained word="withheld">
      {`Here are fewer than ${MIN_COHORT} people, or it is withheld so that another small cell cannot be reckoned back from the total.`}
    </Explained>
  )
}
