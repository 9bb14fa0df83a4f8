import { QuestionError } from './errors.ts'
import { checkQuestion, MAX_PEOPLE, type NumberRange, type Question, stepsOf } from './question.ts'
import { type FieldVector, vectorOf } from './vectors.ts'

/**
 * What one hospital puts in, before it is dealt. Two dealings: the count's sum is opened first, and the values' only if the cohort is large enough.
 * A hospital without data puts in zeros.
 */
export type Contribution = { readonly count: FieldVector; readonly values: FieldVector }
/** Numbers, or for a cross-table pairs of row and column. */
export type Data = readonly number[] | readonly (readonly [row: number, column: number])[]

/** Smallest cohort of which anything is told. */
export const MIN_COHORT = 20

/**
 * A hospital's own numbers, added up exactly.
 * @throws {QuestionError} `sharing/bad-question`; `sharing/number-out-of-range`: a value outside the stated range, the bins, or the table; nothing was counted.
 * @example
 * contributionTo({ kind: 'mean', range: { min: 0, max: 400, decimals: 0 } }, [120, 135]) // count [2], values [255]
 */
export function contributionTo(question: Question, data: Data): Contribution {
  checkQuestion(question)
  if (data.length > MAX_PEOPLE) throw new QuestionError('sharing/bad-question', 'too many people')
  return { count: vectorOf([data.length]), values: vectorOf(valuesOf(question, data)) }
}

/** How many values a contribution has. */
export function valuesIn(question: Question): number {
  return contributionTo(question, []).values.length / 2
}

/** An answer; a cell that is `null` is withheld. */
export type Answer =
  | { readonly kind: 'withheld' }
  | { readonly kind: 'count' | 'sum' | 'mean' | 'variance'; readonly cohort: number; readonly value: number }
  | { readonly kind: 'histogram' | 'crossTable'; readonly cohort: number; readonly cells: readonly (number | null)[] }

/** Whether the values may be opened at all, once the count is. */
export const isLargeEnough = (cohort: bigint, minCohort = MIN_COHORT): boolean => cohort >= BigInt(minCohort)

/**
 * The answer, from what the rounds opened. Exact up to the last division: `variance` is the sample's, (n * sum of squares - square of sum) / (n (n - 1)).
 * @param sums - The opened values; not looked at when the cohort is too small.
 * @throws {QuestionError} `sharing/impossible-sums`: no people could have them, so a hospital put in something false.
 */
export function answerTo(question: Question, cohort: bigint, sums: readonly bigint[], minCohort = MIN_COHORT): Answer {
  if (!isLargeEnough(cohort, minCohort)) return { kind: 'withheld' }
  const people = Number(cohort)
  const total = sums[0] ?? 0n
  const areTooMany = people > MAX_PEOPLE || ('range' in question && total > cohort * stepsOf(question.range, question.range.max))
  if (areTooMany) throw new QuestionError('sharing/impossible-sums')
  switch (question.kind) {
    case 'count':
      return { kind: 'count', cohort: people, value: people }
    case 'sum':
      return { kind: 'sum', cohort: people, value: inUnits(question.range, total) + people * question.range.min }
    case 'mean':
      return { kind: 'mean', cohort: people, value: inUnits(question.range, total) / people + question.range.min }
    case 'variance':
      return { kind: 'variance', cohort: people, value: variance(question.range, cohort, total, sums[1] ?? 0n) }
    default:
      if (sums.reduce((sum, cell) => sum + cell, 0n) !== cohort) throw new QuestionError('sharing/impossible-sums')
      return { kind: question.kind, cohort: people, cells: withheldCells(sums.map(Number), minCohort) }
  }
}

/**
 * Withholds each cell below the minimum, and then the next larger ones until those withheld hold as many people together, so that the total
 * does not give them back. Empty cells stay: they are nobody's.
 */
export function withheldCells(cells: readonly number[], minCohort = MIN_COHORT): (number | null)[] {
  const bySize = [...cells.keys()].filter((cell) => cells[cell]! > 0).sort((one, other) => cells[one]! - cells[other]!)
  const withheld = new Set<number>()
  let people = 0
  for (const cell of bySize) {
    const isSmall = cells[cell]! < minCohort
    const isNeeded = withheld.size > 0 && (people < minCohort || withheld.size < 2)
    if (!isSmall && !isNeeded) break
    withheld.add(cell)
    people += cells[cell]!
  }
  return cells.map((size, cell) => (withheld.has(cell) ? null : size))
}

function valuesOf(question: Question, data: Data): bigint[] {
  switch (question.kind) {
    case 'count':
      return []
    case 'histogram':
      return tally(
        question.edges.length - 1,
        data.map((value) => binOf(question.edges, value)),
      )
    case 'crossTable':
      return tally(
        question.rows * question.columns,
        data.map((pair) => cellOf(question, pair)),
      )
    default:
      return powerSums(question, data)
  }
}

function powerSums({ kind, range }: { readonly kind: string; readonly range: NumberRange }, data: Data): bigint[] {
  let [sum, squares] = [0n, 0n]
  for (const value of data) {
    const steps = stepsOf(range, numberIn(value))
    sum += steps
    if (kind === 'variance') squares += steps * steps
  }
  return kind === 'variance' ? [sum, squares] : [sum]
}

function tally(size: number, cells: readonly number[]): bigint[] {
  const counts = new Float64Array(size)
  for (const cell of cells) counts[cell]!++
  return Array.from(counts, BigInt)
}

function binOf(edges: readonly number[], data: Data[number]): number {
  const value = numberIn(data)
  const above = edges.findIndex((edge) => value < edge)
  if (above < 1) throw new QuestionError('sharing/number-out-of-range')
  return above - 1
}

function cellOf({ rows, columns }: { readonly rows: number; readonly columns: number }, pair: Data[number]): number {
  const [row, column] = typeof pair === 'number' ? [Number.NaN, Number.NaN] : pair
  const isInside = Number.isInteger(row) && Number.isInteger(column) && row >= 0 && row < rows && column >= 0 && column < columns
  if (!isInside) throw new QuestionError('sharing/number-out-of-range')
  return row * columns + column
}

function numberIn(value: Data[number]): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new QuestionError('sharing/number-out-of-range')
  return value
}

const inUnits = ({ decimals }: NumberRange, steps: bigint): number => Number(steps) / 10 ** decimals

function variance({ decimals }: NumberRange, people: bigint, sum: bigint, squares: bigint): number {
  const above = people * squares - sum * sum
  if (above < 0n) throw new QuestionError('sharing/impossible-sums')
  return Number(above) / Number(people * (people - 1n)) / 100 ** decimals
}
