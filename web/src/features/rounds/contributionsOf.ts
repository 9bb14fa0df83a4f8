import type { OrganisationId, RoundDetail } from '@medsync/protocol'

/** Where a hospital stands with a step: `waited` while it is the step under way, `not` once that is over. */
export type Standing = 'done' | 'waited' | 'not' | 'later'

/** What a row of the grid shows. */
export type Contributions = {
  readonly organisation: OrganisationId
  readonly standings: readonly { readonly step: string; readonly standing: Standing }[]
}

/** All steps of a round of each kind, in their order. */
const PLANS: Readonly<Record<RoundDetail['kind'], readonly string[]>> = {
  statistics: ['join', 'deal', 'bind', 'toss', 'prove', 'check', 'counts', 'values'],
  ranking: ['join', 'deal', 'toss', 'prove', 'check', 'answer', 'open'],
}

/** The steps that have begun and, while a round is under way, those that are to come; of another plan than is known here only what has begun. */
export function plannedSteps({ kind, steps, state }: Pick<RoundDetail, 'kind' | 'steps' | 'state'>): RoundDetail['steps'] {
  const plan = PLANS[kind]
  if (state !== 'opened' || !steps.every(({ name }, index) => name === plan[index])) return steps
  return [...steps, ...plan.slice(steps.length).map((name) => ({ name, contributed: [] }))]
}

/** Every hospital that takes part, or has contributed, against every step of the round. */
export function contributionsOf({
  parties,
  steps,
  step,
  state,
}: Pick<RoundDetail, 'parties' | 'steps' | 'step' | 'state'>): Contributions[] {
  const hospitals = [...new Set([...parties, ...steps.flatMap(({ contributed }) => contributed)])]
  // Nothing has begun yet: the first step is waited for.
  const current = step === null && state === 'opened' ? 0 : steps.findIndex(({ name }) => name === step)
  return hospitals.map((organisation) => ({
    organisation,
    standings: steps.map(({ name, contributed }, index) => ({
      step: name,
      standing: standingOf(contributed.includes(organisation), { index, current, isOpen: state === 'opened' }),
    })),
  }))
}

function standingOf(hasContributed: boolean, { index, current, isOpen }: { index: number; current: number; isOpen: boolean }): Standing {
  if (hasContributed) return 'done'
  if (current >= 0 && index > current) return 'later'
  return isOpen && index === current ? 'waited' : 'not'
}
