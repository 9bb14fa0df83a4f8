import { RankingPlay } from './rankingPlay.ts'
import type { KeptInput } from './roundKept.ts'
import type { RoundParameters } from './roundParameters.ts'
import type { RoundPlace, RoundPlay } from './roundPlay.ts'
import { StatisticsPlay } from './statisticsPlay.ts'

/** What is computed in a round, with a hospital's own input. */
export function playOf(parameters: RoundParameters, { input, hospitals, round }: KeptInput, place: RoundPlace): RoundPlay {
  if (parameters.kind === 'ranking' && input.kind === 'ranking') {
    return new RankingPlay(place, { slots: parameters.slots, parties: round.parties.length, scores: input.cases.map(({ score }) => score) })
  }
  if (parameters.kind !== 'statistics' || input.kind !== 'statistics') throw new RangeError('what is kept of a round is of its kind')
  const organisations = new Map(hospitals.map(({ executor, organisation }) => [executor, organisation]))
  const nameOf = (executor: string) => organisations.get(executor) ?? executor
  return new StatisticsPlay(place, { asked: parameters, deadlineS: round.deadlineS, told: parameters.told, input, nameOf })
}
