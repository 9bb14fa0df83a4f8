import type { MemberView, RoundView } from '@medsync/context/app'
import {
  type OrganisationId,
  organisationIdSchema,
  type RoundDetail,
  type RoundReason,
  type RoundSummary,
  roundIdSchema,
} from '@medsync/protocol'
import { readReason } from './roundBlame.ts'
import { type RoundParameters, readParameters, stepsOf } from './roundParameters.ts'
import type { PlayResult } from './roundPlay.ts'
import { readResult } from './roundResult.ts'

/** A round in a list; undefined when it is of a kind that is not ours. */
export function summaryOf(view: RoundView, members: readonly MemberView[]): RoundSummary | undefined {
  const parameters = readParameters(view.kind, view.parameters)
  if (parameters === undefined || !roundIdSchema.safeParse(view.id).success) return undefined
  return {
    round: view.id,
    kind: parameters.kind,
    state: view.state === 'closed' || view.state === 'aborted' ? view.state : 'opened',
    openedBy: organisationsOf([view.opened_by], members)[0] ?? null,
    parties: organisationsOf(view.parties, members),
    deadlineS: view.deadline_s,
    step: stepsDone(view, parameters).at(-1)?.name ?? null,
    question: parameters.kind === 'statistics' ? parameters.question : null,
    asOfS: parameters.kind === 'statistics' ? parameters.asOfS : null,
  }
}

/** All that may be shown of a round; whether the result was confirmed is the runner's to say. */
export function detailOf(view: RoundView, members: readonly MemberView[]): RoundDetail | undefined {
  const summary = summaryOf(view, members)
  const parameters = readParameters(view.kind, view.parameters)
  if (summary === undefined || parameters === undefined) return undefined
  const stated = view.state === 'closed' ? readResult(view.result) : undefined
  return {
    ...summary,
    threshold: view.threshold,
    steps: stepsDone(view, parameters).map(({ name, contributed }) => ({ name, contributed: organisationsOf(contributed, members) })),
    slots: parameters.kind === 'ranking' ? parameters.slots : null,
    result: stated === undefined ? null : resultOf(stated.result, members),
    own: null,
    isConfirmed: null,
    tampered: organisationsOf(stated?.tampered ?? [], members),
    reason: view.state === 'aborted' ? reasonOf(view, members) : null,
  }
}

/** Names of the steps begun so far, with who contributed all parts. */
function stepsDone(view: RoundView, parameters: RoundParameters) {
  const contributed = (step: number) => view.steps.find((each) => each.step === step)?.contributed ?? []
  let first = 0
  return stepsOf(parameters, view.parties.length, view.threshold).flatMap(({ name, parts }) => {
    const all = Array.from({ length: parts }, (_, part) => contributed(first + part))
    first += parts
    const isBegun = all.some((parties) => parties.length > 0)
    return isBegun ? [{ name, contributed: view.parties.filter((party) => all.every((parties) => parties.includes(party))) }] : []
  })
}

function resultOf(result: PlayResult, members: readonly MemberView[]): RoundDetail['result'] {
  if (result.kind !== 'ranking') return result
  const nonces = result.nonces.flatMap(({ hospital, nonce }) =>
    organisationsOf([hospital], members).map((organisation) => ({ organisation, nonce })),
  )
  return { ...result, nonces }
}

function reasonOf({ reason, ended_by }: RoundView, members: readonly MemberView[]): RoundReason {
  const { code, hospitals, note } = readReason(reason ?? '')
  const [by] = organisationsOf(ended_by === null ? [] : [ended_by], members)
  return { code, organisations: organisationsOf(hospitals, members), note, by: by ?? null }
}

/** Members may call themselves anything: what is no organisation's id is left out. */
function organisationsOf(executors: readonly string[], members: readonly MemberView[]): OrganisationId[] {
  return executors.flatMap((executor) => {
    const organisation = members.find((member) => member.executor === executor)?.organisation
    return organisationIdSchema.safeParse(organisation).data ?? []
  })
}
