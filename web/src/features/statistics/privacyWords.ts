import type { StatisticsMeasure, StatisticsQuestion } from '@medsync/protocol'
import { expectedError } from '@medsync/protocol/sharing'
import { fieldWords } from './questionWords.ts'

/** So many people stand for a cohort before anybody knows how many there are. */
const TYPICAL_PEOPLE = 1_000
const MOST_DIGITS = 6

const number = new Intl.NumberFormat('en', { maximumFractionDigits: MOST_DIGITS })

/** Thousandths of epsilon as they are said: `0.25`. */
export const epsilonWords = (epsilonMilli: number): string => number.format(epsilonMilli / 1_000)

/**
 * A number with noise and how far off it may be, both no finer than that makes sense.
 * @example
 * noisedWords(128.3941, 2.31) // { value: '128.4', error: '±2.4' }
 */
export function noisedWords(value: number, error: number): { readonly value: string; readonly error: string } {
  const areWhole = Number.isInteger(value) && Number.isInteger(error)
  const size = Math.floor(Math.log10(Math.max(error, 10 ** -MOST_DIGITS)))
  const digits = areWhole || error >= 10 ? 0 : Math.min(MOST_DIGITS, 1 - size)
  const format = new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  const up = Math.ceil(Number((error * 10 ** digits).toPrecision(12))) / 10 ** digits
  return { value: format.format(value).replace('-', '−'), error: `±${format.format(up)}` }
}

/**
 * How far off an answer will be, for so many hospitals, in words.
 * @example
 * expectedWords(question, { epsilonMilli: 1000, hospitals: 3 }) // 'within ±5 people'
 */
export function expectedWords(
  { field, measure }: Pick<StatisticsQuestion, 'field' | 'measure'>,
  { epsilonMilli, hospitals }: { readonly epsilonMilli: number; readonly hospitals: number },
): string {
  // Of each cell the error is that of a count.
  const question = isCounted(measure) ? ({ kind: 'count' } as const) : measure
  const { value } = expectedError(question, { epsilonMilli }, { hospitals, people: TYPICAL_PEOPLE })
  const { error } = noisedWords(0, value)
  if (measure.kind === 'count') return `within ${error} people`
  if (isCounted(measure)) return `within ${error} people in each ${measure.kind === 'histogram' ? 'bin' : 'cell'}`
  const { unit } = fieldWords(field)
  return `within ${error} ${measure.kind === 'variance' ? `${unit}, squared` : unit}${measure.kind === 'sum' ? '' : `, for ${number.format(TYPICAL_PEOPLE)} people`}`
}

type Counted = Extract<StatisticsMeasure, { kind: 'count' | 'histogram' | 'crossTable' }>

function isCounted(measure: StatisticsMeasure): measure is Counted {
  return measure.kind === 'count' || measure.kind === 'histogram' || measure.kind === 'crossTable'
}
