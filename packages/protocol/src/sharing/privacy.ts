import { QuestionError } from './errors.ts'
import { modulo } from './field.ts'
import { field61, PRIME61 } from './field61.ts'
import { type Chance, drawLaplace, type Fraction } from './noise.ts'
import { checkQuestion, MAX_PEOPLE, type NumberRange, type Question, stepsOf } from './question.ts'
import { MAX_HOSPITALS } from './round.ts'
import { type Contribution, contributionTo, type Data, valuesIn } from './statistics.ts'
import { toBigInts, vectorOf } from './vectors.ts'

/**
 * How much the answer to a question may tell of any one person: with or without this person, no answer is more than e^epsilon times as likely.
 * @property epsilonMilli - Thousandths of epsilon.
 */
export type Privacy = { readonly epsilonMilli: number }

/**
 * The noise that each hospital draws for itself, before it deals.
 * @property count - Undefined where the count is the sum of the noised cells, and has no noise of its own.
 * @property values - One for each value.
 */
export type NoiseScales = { readonly count: Fraction | undefined; readonly values: readonly Fraction[] }

/** Epsilon is divided in thirds. */
const THIRDS = 3n
const MILLI = 1_000n
/** Noise beyond so many scales has a chance of e^-64: such an answer would wrap around the prime, and still tell nothing more. */
const FARTHEST_SCALES = 64n

/**
 * What is added up of a number, in steps: how far it lies from here. The middle for a mean and a variance, since so one person changes least; the unit's
 * zero for a sum.
 */
export function originOf(question: Question): bigint {
  if (!('range' in question)) return 0n
  const { min, decimals } = question.range
  return question.kind === 'sum' ? BigInt(Math.round(-min * 10 ** decimals)) : farEnd(question.range) / 2n
}

/** How far from the origin one person's number can be, and so how much adding or removing one person changes the sum. */
export function reachOf(question: Question): bigint {
  if (!('range' in question)) return 1n
  const origin = originOf(question)
  return [1n, absolute(origin), absolute(farEnd(question.range) - origin)].reduce((most, each) => (each > most ? each : most))
}

/** What is taken off each square, so that one person changes their sum by half as much: half of the largest. */
export const squaresMiddle = (question: Question): bigint => reachOf(question) ** 2n / 2n

/**
 * The scales of the noise: what one person can change, divided by that number's part of epsilon. A count has all of it. A sum and a mean have one third for the count
 * and two for the sum; a variance one each for count, sum and squares. A person is in one cell only, so each cell has all, and their sum is the count.
 */
export function noiseScales(question: Question, { epsilonMilli }: Privacy): NoiseScales {
  const scale = (change: bigint, thirds: bigint): Fraction => reduced(change * MILLI * THIRDS, BigInt(epsilonMilli) * thirds)
  const reach = reachOf(question)
  switch (question.kind) {
    case 'count':
      return { count: scale(1n, THIRDS), values: [] }
    case 'histogram':
    case 'crossTable':
      return { count: undefined, values: Array.from({ length: valuesIn(question) }, () => scale(1n, THIRDS)) }
    case 'variance':
      return { count: scale(1n, 1n), values: [scale(reach, 1n), scale(reach ** 2n - squaresMiddle(question), 1n)] }
    default:
      return { count: scale(1n, 1n), values: [scale(reach, 2n)] }
  }
}

/**
 * Checks a question that is to be answered with noise: sums and noise of all hospitals stay within half of the field on either side.
 * @throws {QuestionError} `sharing/bad-question`, naming the part that is wrong.
 */
export function checkPrivacy(question: Question, privacy: Privacy): void {
  checkQuestion(question)
  if (!Number.isInteger(privacy.epsilonMilli) || privacy.epsilonMilli < 1) throw new QuestionError('sharing/bad-question', 'epsilon')
  if ('range' in question && !Number.isSafeInteger(Math.round(question.range.min * 10 ** question.range.decimals)))
    throw new QuestionError('sharing/bad-question', 'range')
  const { count, values } = noiseScales(question, privacy)
  const reach = reachOf(question)
  const farthest = [reach, question.kind === 'variance' ? reach ** 2n : 0n].map((change) => change * BigInt(MAX_PEOPLE))
  const noise = [count, ...values].map((scale) => (scale === undefined ? 0n : (scale.over / scale.under + 1n) * FARTHEST_SCALES))
  const most = (numbers: readonly bigint[]) => numbers.reduce((one, other) => (one > other ? one : other), 0n)
  const draws = BigInt(MAX_HOSPITALS * Math.max(1, count === undefined ? values.length : 1))
  if (most(farthest) + draws * most(noise) >= PRIME61 / 2n) throw new QuestionError('sharing/bad-question', 'range too wide')
}

/**
 * As `contributionTo`, with this hospital's own noise in it: what is dealt then protects each of its people even if all other hospitals show each other
 * everything. To be drawn once in a round, and dealt as it is.
 * @throws {QuestionError} As `checkPrivacy` and `contributionTo`.
 */
export function privateContributionTo(
  question: Question,
  data: Data,
  { privacy, chance }: { privacy: Privacy; chance: Chance },
): Contribution {
  checkPrivacy(question, privacy)
  const scales = noiseScales(question, privacy)
  const people = scales.count === undefined ? 0n : BigInt(data.length) + drawLaplace(scales.count, chance)
  const values = centred(question, data).map((value, at) => value + drawLaplace(scales.values[at]!, chance))
  const count = scales.count === undefined ? values.reduce((sum, cell) => sum + cell, 0n) : people
  return { count: vectorOf([modulo(field61, count)]), values: vectorOf(values.map((value) => modulo(field61, value))) }
}

/** A field element as what it stands for where sums may be negative. */
export const signed = (value: bigint): bigint => (value > PRIME61 / 2n ? value - PRIME61 : value)

/** What is added up, before the noise: as without noise, but from the origin, and squares from their middle. */
function centred(question: Question, data: Data): bigint[] {
  const values = toBigInts(contributionTo(question, data).values)
  if (!('range' in question)) return values
  const [sum = 0n, squares = 0n] = values
  const [people, origin] = [BigInt(data.length), originOf(question)]
  const moved = sum - people * origin
  if (question.kind !== 'variance') return [moved]
  return [moved, squares - 2n * origin * sum + people * (origin ** 2n - squaresMiddle(question))]
}

const farEnd = (range: NumberRange): bigint => stepsOf(range, range.max)

const absolute = (value: bigint): bigint => (value < 0n ? -value : value)

function reduced(over: bigint, under: bigint): Fraction {
  let [one, other] = [over, under]
  while (other > 0n) [one, other] = [other, one % other]
  return { over: over / one, under: under / one }
}
