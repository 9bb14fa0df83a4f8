import { QuestionError } from './errors.ts'
import { noiseBound } from './noiseBound.ts'
import { type NoiseScales, noiseScales, originOf, type Privacy, reachOf, signed, squaresMiddle } from './privacy.ts'
import { type NumberRange, type Question, stepsOf } from './question.ts'
import { isLargeEnough } from './statistics.ts'

/** How far from the truth: in 95 of 100 answers no farther. @property cohort - In people. @property value - In the answer's unit; of each cell by itself. */
export type NoiseError = { readonly cohort: number; readonly value: number }

/** An answer with noise in it. Counts are as the noise left them, also below 0; no cell is withheld. */
export type PrivateAnswer =
  | { readonly kind: 'withheld' }
  | { readonly kind: 'count' | 'sum' | 'mean' | 'variance'; readonly cohort: number; readonly value: number; readonly error95: NoiseError }
  | { readonly kind: 'histogram' | 'crossTable'; readonly cohort: number; readonly cells: readonly number[]; readonly error95: NoiseError }

/** What the rounds opened. @property hospitals - How many dealt: each added noise. */
export type PrivateSums = { readonly hospitals: number; readonly cohort: bigint; readonly sums: readonly bigint[] }

const MISSES = 0.05

/**
 * The answer to a question that was asked with noise. A mean or variance that noise brought beyond what any people can have is given as the end of that.
 * @param opened - Field elements, as they were opened; sums are not looked at when the noised cohort is too small.
 * @throws {QuestionError} `sharing/impossible-sums`: the cells are not what the count was made of.
 */
export function privateAnswerTo(question: Question, privacy: Privacy, opened: PrivateSums): PrivateAnswer {
  const people = signed(opened.cohort)
  if (!isLargeEnough(people)) return { kind: 'withheld' }
  const sums = opened.sums.map(signed)
  const cohort = Number(people)
  const error95 = noiseErrors(question, privacy, { ...opened, cohort: people, sums })
  switch (question.kind) {
    case 'count':
      return { kind: 'count', cohort, value: cohort, error95 }
    case 'histogram':
    case 'crossTable':
      if (sums.reduce((sum, cell) => sum + cell, 0n) !== people) throw new QuestionError('sharing/impossible-sums')
      return { kind: question.kind, cohort, cells: sums.map(Number), error95 }
    default:
      return { kind: question.kind, cohort, value: statedOf(question, cohort, sums.map(Number)), error95 }
  }
}

/**
 * What error is to be expected before anything is asked: that of so many people, whose numbers lie around the middle of the range with a quarter of its half as their
 * standard deviation.
 */
export function expectedError(
  question: Question,
  privacy: Privacy,
  { hospitals, people }: { hospitals: number; people: number },
): NoiseError {
  const squares = reachOf(question) ** 2n / 16n - squaresMiddle(question)
  return noiseErrors(question, privacy, { hospitals, cohort: BigInt(people), sums: [0n, BigInt(people) * squares] })
}

type Ranged = Extract<Question, { range: NumberRange }>

function statedOf(question: Ranged, people: number, [sum = 0, squares = 0]: readonly number[]): number {
  const { range, kind } = question
  const unit = 10 ** range.decimals
  const origin = Number(originOf(question))
  if (kind === 'sum') return sum / unit + people * (range.min + origin / unit)
  if (kind === 'mean') return within(origin + sum / people, 0, Number(stepsOf(range, range.max))) / unit + range.min
  return (spreadOf(question, people, [sum, squares]) * bessel(people)) / unit ** 2
}

/** The variance of all people, in squared steps. */
function spreadOf(question: Ranged, people: number, [sum = 0, squares = 0]: readonly number[]): number {
  const meanSquare = squares / people + Number(squaresMiddle(question))
  return within(meanSquare - (sum / people) ** 2, 0, Number(reachOf(question)) ** 2)
}

function noiseErrors(question: Question, privacy: Privacy, { hospitals, cohort, sums }: PrivateSums): NoiseError {
  const scales = noiseScales(question, privacy)
  if (!('range' in question)) return tableErrors(scales, hospitals)
  const unit = 10 ** question.range.decimals
  const bounds = (misses: number) => boundsOf(scales, hospitals, misses)
  const cohortError = bounds(MISSES).count
  const people = Number(cohort)
  const [sum = 0, squares = 0] = sums.map(Number)
  const reach = Number(reachOf(question))
  const rounded = (error: number) => ({ cohort: cohortError, value: roundedUp(error) })
  if (question.kind === 'sum') return rounded(bounds(MISSES).values[0]! / unit)
  if (question.kind === 'mean') {
    const { count, values } = bounds(MISSES / 2)
    const error = meanError({ people, sum, reach }, { count, sum: values[0]! })
    return rounded(Math.min(error, Number(stepsOf(question.range, question.range.max))) / unit)
  }
  return rounded(varianceError(question, { people, sum, squares }, bounds(MISSES / 3)) / unit ** 2)
}

function tableErrors({ count, values }: NoiseScales, hospitals: number): NoiseError {
  const [cell] = values
  const one = noiseBound(count ?? cell!, hospitals, MISSES)
  const all = count === undefined ? noiseBound(cell!, hospitals * values.length, MISSES) : one
  return { cohort: Number(all), value: Number(one) }
}

type Bounds = { readonly count: number; readonly values: readonly number[] }

/** Bounds that each hold but for so many misses; together they hold but for the sum of these. */
function boundsOf({ count, values }: NoiseScales, hospitals: number, misses: number): Bounds {
  const bound = (scale: NoiseScales['values'][number]) => Number(noiseBound(scale, hospitals, misses))
  return { count: count === undefined ? 0 : bound(count), values: values.map(bound) }
}

/**
 * With noise s in the sum and n in the count, the mean is off by exactly (s - n * true mean) / noised count; the true mean is within the reach, and within this
 * error of the noised one.
 */
function meanError(
  { people, sum, reach }: { readonly people: number; readonly sum: number; readonly reach: number },
  noise: { readonly count: number; readonly sum: number },
): number {
  const byReach = (noise.sum + reach * noise.count) / people
  if (people <= noise.count) return byReach
  return Math.min(byReach, (noise.sum + Math.abs(sum / people) * noise.count) / (people - noise.count))
}

function varianceError(
  question: Ranged,
  { people, sum, squares }: { readonly people: number; readonly sum: number; readonly squares: number },
  { count, values: [ofSum = 0, ofSquares = 0] }: Bounds,
): number {
  const reach = Number(reachOf(question))
  const mean = sum / people
  const ofMean = meanError({ people, sum, reach }, { count, sum: ofSum })
  const ofMeanSquare = meanError({ people, sum: squares, reach: reach ** 2 / 2 + 1 }, { count, sum: ofSquares })
  const error = ofMeanSquare + ofMean * (2 * Math.abs(mean) + ofMean)
  const raw = squares / people + Number(squaresMiddle(question)) - mean ** 2
  const stated = spreadOf(question, people, [sum, squares]) * bessel(people)
  const highest = within(raw + error, 0, reach ** 2) * bessel(Math.max(2, people - count))
  const lowest = within(raw - error, 0, reach ** 2) * bessel(people + count)
  return Math.max(highest - stated, stated - lowest)
}

/** From the variance of all people to that of a sample. */
const bessel = (people: number): number => people / (people - 1)

const within = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high)

/** To three digits, never down: all hospitals state the same, whatever their last bits. */
const roundedUp = (error: number): number => Number((1.006 * error).toPrecision(3))
