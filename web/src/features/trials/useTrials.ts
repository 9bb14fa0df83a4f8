import {
  hospitalTrialsSchema,
  type Invitation,
  invitationsSchema,
  type StudyView,
  type Trial,
  trialMatchesSchema,
  trialsSchema,
} from '@medsync/protocol'
import { queryOptions } from '@tanstack/react-query'
import { callGateway } from '../session/callGateway.ts'

/** While hospitals count, the office looks again: it is not told by an event of the circle. */
const LOOK_EVERY_MS = 3_000

/** GET /research/trials: the own studies that have criteria. */
export const trialsQuery = queryOptions({
  queryKey: ['mine', 'studies', 'trials'],
  queryFn: async ({ signal }) => (await callGateway({ path: '/research/trials', answer: trialsSchema, signal })).items,
  refetchInterval: ({ state }) => (state.data?.some(({ count }) => count?.state === 'counting') ? LOOK_EVERY_MS : false),
})

/** GET /hospital/trials: studies that the hospitals were asked to count for. */
export const hospitalTrialsQuery = queryOptions({
  queryKey: ['mine', 'rounds', 'trials'],
  queryFn: async ({ signal }) => (await callGateway({ path: '/hospital/trials', answer: hospitalTrialsSchema, signal })).items,
})

/** GET /hospital/trials/:study/matches: which own records meet the criteria. */
export function matchesQuery(study: number) {
  return queryOptions({
    queryKey: ['mine', 'invitations', 'matches', study],
    queryFn: ({ signal }) => callGateway({ path: `/hospital/trials/${study}/matches`, answer: trialMatchesSchema, signal }),
  })
}

/** GET /patient/invitations: to studies that a hospital of the patient thinks they fit. */
export const invitationsQuery = queryOptions({
  queryKey: ['mine', 'invitations', 'list'],
  queryFn: async ({ signal }) => (await callGateway({ path: '/patient/invitations', answer: invitationsSchema, signal })).items,
})

/** The newest first, open ones before the others. */
export function openFirst(invitations: readonly Invitation[]): Invitation[] {
  const isClosed = ({ state }: Invitation): number => Number(state !== 'open')
  return invitations.toSorted((one, other) => isClosed(one) - isClosed(other) || other.invitedAtS - one.invitedAtS)
}

/** Studies that can still be asked for, each with its criteria if it has some. */
export function withTrials(
  studies: readonly StudyView[],
  trials: readonly Trial[],
): readonly { readonly study: StudyView; readonly trial: Trial | undefined }[] {
  return studies
    .filter(({ state }) => state === 'open')
    .toSorted((one, other) => other.study - one.study)
    .map((study) => ({ study, trial: trials.find((each) => each.study === study.study) }))
}
