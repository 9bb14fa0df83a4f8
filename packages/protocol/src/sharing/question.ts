import { QuestionError } from './errors.ts'
import { PRIME61 } from './field61.ts'

/**
 * Numbers with a fixed count of decimals, between two bounds (both allowed). What a field can hold is stated, never guessed from the data.
 * @example
 * const systolic: NumberRange = { min: 0, max: 400, decimals: 1 } // mm[Hg]
 */
export type NumberRange = { readonly min: number; readonly max: number; readonly decimals: number }

/** What hospitals can ask of all their numbers together. `edges` are the bins' borders, each bin without its upper one; rows and columns are counts. */
export type Question =
  | { readonly kind: 'count' }
  | { readonly kind: 'sum' | 'mean' | 'variance'; readonly range: NumberRange }
  | { readonly kind: 'histogram'; readonly edges: readonly number[] }
  | { readonly kind: 'crossTable'; readonly rows: number; readonly columns: number }

/** Most people that a round counts; what is asked must not overflow with them all at the farthest value. */
export const MAX_PEOPLE = 10_000_000
/** Most cells of a table. */
export const MAX_CELLS = 10_000

/**
 * Checks a question before any round is opened for it. Sums cannot overflow: a range is refused unless `MAX_PEOPLE` values at its end stay below the
 * prime, squares included for a variance.
 * @throws {QuestionError} `sharing/bad-question`, naming the part that is wrong.
 */
export function checkQuestion(question: Question): void {
  if (question.kind === 'histogram') checkEdges(question.edges)
  if (question.kind === 'crossTable') checkSizes(question.rows, question.columns)
  if ('range' in question) checkRange(question.range, question.kind === 'variance' ? 2n : 1n)
}

/** A number as steps above the range's lower bound, rounded to the nearest step: what is added up. @throws {QuestionError} It is out of range. */
export function stepsOf({ min, max, decimals }: NumberRange, value: number): bigint {
  if (!Number.isFinite(value) || value < min || value > max) throw new QuestionError('sharing/number-out-of-range')
  return BigInt(Math.round((value - min) * 10 ** decimals))
}

function checkRange({ min, max, decimals }: NumberRange, power: bigint): void {
  const isSound = Number.isFinite(min) && Number.isFinite(max) && min < max && Number.isInteger(decimals) && decimals >= 0 && decimals <= 9
  const span = isSound ? Math.ceil((max - min) * 10 ** decimals) : Number.POSITIVE_INFINITY
  if (!Number.isSafeInteger(span)) throw new QuestionError('sharing/bad-question', 'range')
  if (BigInt(span) ** power * BigInt(MAX_PEOPLE) >= PRIME61) throw new QuestionError('sharing/bad-question', 'range too wide')
}

function checkEdges(edges: readonly number[]): void {
  const rise = edges.every((edge, index) => Number.isFinite(edge) && (index === 0 || edge > edges[index - 1]!))
  if (!rise || edges.length < 2 || edges.length > MAX_CELLS) throw new QuestionError('sharing/bad-question', 'edges')
}

function checkSizes(rows: number, columns: number): void {
  const areCounts = [rows, columns].every((size) => Number.isInteger(size) && size > 0)
  if (!areCounts || rows * columns > MAX_CELLS) throw new QuestionError('sharing/bad-question', 'table')
}
