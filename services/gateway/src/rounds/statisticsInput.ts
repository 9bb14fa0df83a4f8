import type { StatisticsQuestion } from '@medsync/protocol'
import { contributionTo, countProbes, type Data, toBigInts } from '@medsync/protocol/sharing'
import type { PersonValue } from './roundsOptions.ts'
import { arithmeticOf, edgesOf, gridOf, probesOf, type Told, valueBin, wholeOf } from './statisticsTold.ts'

/** What a hospital puts into a statistics round, before it is dealt; decimal texts, for the vault. */
export type StatisticsInput = { readonly counts: readonly string[]; readonly values: readonly string[] }

/**
 * Adds up a hospital's own people: how many are in the cohort, how many in each probe, and what is asked of them. Nobody there: zeros.
 * @throws {QuestionError} The question cannot be asked.
 */
export function statisticsInput(question: StatisticsQuestion, told: readonly Told[], people: readonly PersonValue[]): StatisticsInput {
  const edges = edgesOf(question, told)
  const binned = people.map((person) => ({ ...person, value: valueBin(edges, person.value), number: person.value }))
  const whole = Object.entries(wholeOf(question))
  const inCohort = binned.filter((person) => whole.every(([field, bins]) => bins.includes(binOf(person, field))))
  const { count, values } = contributionTo(arithmeticOf(question), dataOf(question, inCohort))
  const bins = binned.map(({ ageDecade, gender, value }) => ({ ageDecade, gender, value }))
  const probes = countProbes(gridOf(question, told), probesOf(question, told), bins)
  return { counts: [...toBigInts(count), ...probes].map(String), values: toBigInts(values).map(String) }
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
