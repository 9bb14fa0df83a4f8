import { type CategoryKey, type Grant, type OrganisationId, permitsPurpose, purposeMask, type StudyView } from '@medsync/protocol'

/** One patient's record at one hospital that a study may ask for, or the reason why it would be refused. */
export type Askable = {
  /** Names it in lists: commitment and hospital. */
  readonly key: string
  readonly grant: Grant
  /** Undefined when no hospital served here holds a record of the patient. */
  readonly hospital: OrganisationId | undefined
  /** What study and consent both cover; empty when nothing. */
  readonly categories: readonly CategoryKey[]
  readonly obstacle: Obstacle | undefined
}
export type Obstacle = 'other-purpose' | 'outside-categories' | 'not-yet-valid' | 'no-hospital'

/** What a study could ask for under the consents that the office holds. Whether it may is decided by the hospital and the chain. */
export function askablesOf(grants: readonly Grant[], study: StudyView, nowS: number): Askable[] {
  return grants.flatMap((grant): Askable[] => {
    const wanted = study.details?.categories
    const categories = grant.terms.categories.filter((key) => wanted === undefined || wanted.includes(key))
    const obstacle = obstacleOf(grant, study, categories, nowS)
    if (grant.hospitals.length === 0) return [{ key: grant.commitment, grant, hospital: undefined, categories, obstacle: 'no-hospital' }]
    return grant.hospitals.map((hospital) => ({ key: `${grant.commitment}:${hospital}`, grant, hospital, categories, obstacle }))
  })
}

function obstacleOf(grant: Grant, study: StudyView, categories: readonly CategoryKey[], nowS: number): Obstacle | undefined {
  if (!permitsPurpose(purposeMask(grant.terms.purposes), study.purposeIndex)) return 'other-purpose'
  if (categories.length === 0) return 'outside-categories'
  if (grant.terms.notBeforeS > nowS) return 'not-yet-valid'
  return undefined
}

/** Why an access would be refused, for the one who is about to ask. */
export const obstacleWords: Record<Obstacle, string> = {
  'other-purpose': 'This consent does not cover the study’s purpose.',
  'outside-categories': 'This consent covers none of the study’s data.',
  'not-yet-valid': 'This consent is not valid yet.',
  'no-hospital': 'No hospital served here holds a record of this patient.',
}
