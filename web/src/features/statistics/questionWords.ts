import { COHORT_FIELDS, type CohortField, type StatisticsField, type StatisticsMeasure, type StatisticsQuestion } from '@medsync/protocol'
import { MIN_COHORT } from '@medsync/protocol/sharing'
import { listWords } from '../consents/termsInWords.ts'
import { fieldOf } from './fields.ts'

/** The measures on screen. */
export const MEASURE_WORDS: Readonly<Record<StatisticsMeasure['kind'], string>> = {
  count: 'Number of people',
  sum: 'Sum',
  mean: 'Mean',
  variance: 'Variance',
  histogram: 'Histogram',
  crossTable: 'Cross-table',
}
/** What cohorts are told apart by, on screen. */
export const COHORT_WORDS: Readonly<Record<CohortField, string>> = { ageDecade: 'Age', gender: 'Sex' }

/** What is asked about, with its unit where it has one. */
export function fieldWords(field: StatisticsField): { readonly name: string; readonly unit: string } {
  switch (field.kind) {
    case 'people':
      return { name: 'people', unit: 'people' }
    case 'age':
      return { name: 'age', unit: 'years' }
    case 'study':
      return { name: `people who meet the criteria of study ${field.study}`, unit: 'people' }
    case 'observation': {
      const known = fieldOf(field.loinc, field.unit)
      return known === undefined
        ? { name: `LOINC ${field.loinc}`, unit: field.unit }
        : { name: /^[A-Z]{2}/.test(known.name) ? known.name : known.name.toLowerCase(), unit: known.unitWords }
    }
  }
}

/**
 * A question in one sentence.
 * @example
 * questionWords(question) // 'Mean of systolic blood pressure in mmHg, aged 60-69, sex female'
 */
export function questionWords({ field, measure, cohort, privacy }: StatisticsQuestion): string {
  return `${measuredWords(field, measure)}${cohortWords(cohort)}${privacy === undefined ? '' : ', with noise'}`
}

function measuredWords(field: StatisticsField, measure: StatisticsMeasure): string {
  const { name, unit } = fieldWords(field)
  const counted = field.kind === 'people' || field.kind === 'study' ? name : `people with a value of ${name}`
  switch (measure.kind) {
    case 'count':
      return `Number of ${counted}`
    case 'crossTable':
      return `Number of ${counted} by ${COHORT_WORDS[measure.rows].toLowerCase()} and ${COHORT_WORDS[measure.columns].toLowerCase()}`
    case 'histogram':
      return `Histogram of ${name} in ${unit}`
    default:
      return `${MEASURE_WORDS[measure.kind]} of ${name} in ${unit}${measure.kind === 'variance' ? ', squared' : ''}`
  }
}

/** Who is asked about, as the end of a sentence; empty for everybody. */
export function cohortWords({ ageDecade, gender }: StatisticsQuestion['cohort']): string {
  const ages = ageDecade === undefined ? '' : `, aged ${orWords(ageDecade.map((bin) => COHORT_FIELDS.ageDecade[bin] ?? '?'))}`
  const sexes = gender === undefined ? '' : `, sex ${orWords(gender.map((bin) => COHORT_FIELDS.gender[bin] ?? '?'))}`
  return `${ages}${sexes}`
}

const orWords = (words: readonly string[]): string => listWords(words).replace(/ and ([^,]*)$/, ' or $1')

/** What everybody learns, and what nobody does: sentences. */
export type Learnt = { readonly learnt: readonly string[]; readonly hidden: readonly string[] }

/** What everybody in the circle will learn from a question's answer, and what nobody will. */
export function learntFrom(measure: StatisticsMeasure['kind'], isNoised = false): Learnt {
  if (isNoised) return learntFromNoised(measure)
  const isTable = measure === 'histogram' || measure === 'crossTable'
  return {
    learnt: [
      'The question as it stands here, that your hospital asks it, and which hospitals take part.',
      answerLearnt(measure),
      `With fewer than ${MIN_COHORT} people: only that they are too few.`,
      ...(isTable
        ? [`Cells below ${MIN_COHORT} people are withheld, and further ones with them, so that nobody can reckon them back from the total.`]
        : []),
      'The answer stays in the circle: later questions that, with this answer, would tell of a small group are refused.',
    ],
    hidden: [
      'Any hospital’s own numbers: they are split into shares, of which single ones say nothing.',
      'Any single person’s value. Each hospital gives its people’s latest values into its own sum only.',
      ...(isTable ? ['Withheld cells are not shown to anybody, though the hospitals’ nodes see their sizes while they reckon.'] : []),
    ],
  }
}

function learntFromNoised(measure: StatisticsMeasure['kind']): Learnt {
  return {
    learnt: [
      'The question as it stands here, that your hospital asks it, and which hospitals take part.',
      `${answerLearnt(measure).replace(', exactly', '')} Not exactly: each hospital’s noise is in it, and how far off it may be is told with it.`,
      `When noise leaves fewer than ${MIN_COHORT} people: only that they are too few.`,
      'What it cost of the budget, also if it is withheld, or given up after the dealing. It forbids no later question, and none before forbids it.',
    ],
    hidden: [
      'Any hospital’s own numbers, not even with noise: they are split into shares, of which single ones say nothing.',
      'Whether any one person is in it, or with what value: also not to somebody who knows all others, up to what epsilon allows.',
    ],
  }
}

function answerLearnt(measure: StatisticsMeasure['kind']): string {
  switch (measure) {
    case 'count':
      return 'How many people there are in all hospitals together, exactly.'
    case 'histogram':
      return 'How many people of all hospitals together fall into each bin. Whoever lies outside the bins is not counted.'
    case 'crossTable':
      return 'How many people of all hospitals together fall into each cell of the table.'
    default:
      return `How many people have a value, and the ${measure} of all hospitals’ people together, exactly. Values beyond the range count as its end.`
  }
}
