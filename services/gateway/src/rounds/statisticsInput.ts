import type { StatisticsQuestion } from '@medsync/protocol'
import {
  type Chance,
  type Contribution,
  contributionTo,
  countProbes,
  type Data,
  privateContributionTo,
  toBigInts,
} from '@medsync/protocol/sharing'
import type { PersonValue } from './roundsOptions.ts'
import { type Asked, arithmeticOf, cellsOf, edgesOf, enteredBin, gridOf, probesOf, type Told, valueBin, wholeOf } from './statisticsTold.ts'

/** What a hospital puts into a statistics round, before it is dealt; decimal texts, for the vault. */
export type StatisticsInput = { readonly counts: readonly string[]; readonly values: readonly string[] }

/**
 * Adds up a hospital's own people: how many are in the cohort, how many in each probe and in each cell of a table, and what is asked of them. Whoever came after the
 * time of the question is not counted. Nobody there: zeros. With noise, if the question asks for it: what is given back then is what may be dealt, and nothing else is kept.
 * @param chance - Of the noise; drawn from once in a round.
 * @throws {QuestionError} The question cannot be asked.
 */
export function statisticsInput(asked: Asked, told: readonly Told[], people: readonly PersonValue[], chance: Chance): StatisticsInput {
  const { question } = asked
  const edges = edgesOf(question, told)
  const binned = people.flatMap((person) => {
    const entered = enteredBin(asked, told, person.enteredS)
    return entered === undefined ? [] : [{ ...person, value: valueBin(edges, person.value), number: person.value, entered }]
  })
  const whole = Object.entries(wholeOf(question))
  const inCohort = binned.filter((person) => whole.every(([field, bins]) => bins.includes(binOf(person, field))))
  const data = dataOf(question, inCohort)
  const { privacy } = question
  if (privacy !== undefined) return textsOf(privateContributionTo(arithmeticOf(question), data, { privacy, chance }))
  const { count, values } = contributionTo(arithmeticOf(question), data)
  const bins = binned.map(({ ageDecade, gender, value, entered }) => ({ ageDecade, gender, value, entered }))
  const probes = countProbes(gridOf(asked, told), probesOf(asked, told), bins)
  const sums = toBigInts(values)
  const cells = cellsOf(question).length > 0 ? sums : []
  return { counts: [...toBigInts(count), ...probes, ...cells].map(String), values: sums.map(String) }
}

function textsOf({ count, values }: Contribution): StatisticsInput {
  return { counts: toBigInts(count).map(String), values: toBigInts(values).map(String) }
}

type Binned = { readonly ageDecade: number; readonly gender: number; readonly value: number; readonly number: number }

function dataOf({ measure }: StatisticsQuestion, people: readonly Binned[]): Data {
  switch (measure.kind) {
    case 'crossTable':
      return people.map((person) => [binOf(person, measure.rows), binOf(person, measure.columns)] as const)
    case 'count':
      return people.map(() => 0)
    case 'histogram':
      return people.map(({ number }) => number)
    default:
      // A range that leaves people out would be a cohort of its own.
      return people.map(({ number }) => Math.min(Math.max(number, measure.range.min), measure.range.max))
  }
}

function binOf(person: Binned, field: string): number {
  return field === 'ageDecade' ? person.ageDecade : field === 'gender' ? person.gender : person.value
}
