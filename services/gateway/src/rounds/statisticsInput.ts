import type { StatisticsQuestion } from '@medsync/protocol'
import { contributionTo, countProbes, type Data, toBigInts } from '@medsync/protocol/sharing'
import type { PersonValue } from './roundsOptions.ts'
import { type Asked, arithmeticOf, cellsOf, edgesOf, enteredBin, gridOf, probesOf, type Told, valueBin, wholeOf } from './statisticsTold.ts'

/** What a hospital puts into a statistics round, before it is dealt; decimal texts, for the vault. */
export type StatisticsInput = { readonly counts: readonly string[]; readonly values: readonly string[] }

/**
 * Adds up a hospital's own people: how many are in the cohort, how many in each probe and in each cell of a table, and what is asked of them. Whoever came after the
 * time of the question is not counted. Nobody there: zeros.
 * @throws {QuestionError} The question cannot be asked.
 */
export function statisticsInput(asked: Asked, told: readonly Told[], people: readonly PersonValue[]): StatisticsInput {
  const { question } = asked
  const edges = edgesOf(question, told)
  const binned = people.flatMap((person) => {
    const entered = enteredBin(asked, told, person.enteredS)
    return entered === undefined ? [] : [{ ...person, value: valueBin(edges, person.value), number: person.value, entered }]
  })
  const whole = Object.entries(wholeOf(question))
  const inCohort = binned.filter((person) => whole.every(([field, bins]) => bins.includes(binOf(person, field))))
  const { count, values } = contributionTo(arithmeticOf(question), dataOf(question, inCohort))
  const bins = binned.map(({ ageDecade, gender, value, entered }) => ({ ageDecade, gender, value, entered }))
  const probes = countProbes(gridOf(asked, told), probesOf(asked, told), bins)
  const sums = toBigInts(values)
  const cells = cellsOf(question).length > 0 ? sums : []
  return { counts: [...toBigInts(count), ...probes, ...cells].map(String), values: sums.map(String) }
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
