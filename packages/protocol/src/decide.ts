import { CATEGORY_KEYS, type CategoryKey, type SensitivityKey } from './categories.ts'
import { type Felt, type OrganisationId, ZERO } from './ids.ts'
import { permitsPurpose, purposeMask } from './purposes.ts'
import type { ConsentTerms } from './terms.ts'

/** Where a consent stands on chain; numbers as in the contract. */
export const CONSENT_STATUS = { unknown: 0, active: 1, revoked: 2, replaced: 3 } as const
export type ConsentStatus = keyof typeof CONSENT_STATUS

/** What a decision says; 1 to 8 as in the contract, the rest is decided where the closed part is known: at the hospital. */
export const DECISIONS = {
  permit: 1,
  'not-granted': 2,
  revoked: 3,
  replaced: 4,
  'not-yet-valid': 5,
  expired: 6,
  'other-grantee': 7,
  'other-purpose': 8,
  'outside-categories': 9,
  'outside-period': 10,
  'other-custodian': 11,
  'not-released': 12, // the consent permits it; the hospital could not release it
} as const
export type Decision = keyof typeof DECISIONS

/** The decision of a number that the contract answered; undefined for one that it cannot answer. */
export function decisionOf(code: number): Decision | undefined {
  return (Object.keys(DECISIONS) as Decision[]).find((name) => DECISIONS[name] === code)
}

/** What somebody wants to do with a consent. */
export type AccessQuestion = {
  readonly status: ConsentStatus
  readonly terms: ConsentTerms
  readonly grantee: OrganisationId
  readonly purposeIndex: number
  /** Hospital that holds the record. */
  readonly custodian: Felt
  readonly categories: readonly CategoryKey[]
  /** Period of data asked for, seconds; 0 is open. */
  readonly dataFromS: number
  readonly dataToS: number
  readonly nowS: number
}

/** A permit with what may leave at the most, or the one reason why nothing may. */
export type Ruling =
  | {
      readonly decision: 'permit'
      readonly categories: readonly CategoryKey[]
      readonly dataFromS: number
      readonly dataToS: number
      readonly sensitivities: readonly SensitivityKey[]
    }
  | { readonly decision: Exclude<Decision, 'permit'> }

/**
 * Decides what may leave. Asking for more than the consent covers narrows the answer to what it covers, and never widens it; when nothing is
 * left it is refused. Categories come once each, however often they are asked for. Reasons come in the contract's order, so that both always
 * give the same one.
 */
export function decide(question: AccessQuestion): Ruling {
  const { terms, status, nowS } = question
  if (status === 'unknown') return { decision: 'not-granted' }
  if (status !== 'active') return { decision: status }
  if (nowS < terms.notBeforeS) return { decision: 'not-yet-valid' }
  if (nowS >= terms.expiresAtS) return { decision: 'expired' }
  if (question.grantee !== terms.grantee) return { decision: 'other-grantee' }
  if (!permitsPurpose(purposeMask(terms.purposes), question.purposeIndex)) return { decision: 'other-purpose' }
  if (terms.custodian !== ZERO && terms.custodian !== question.custodian) return { decision: 'other-custodian' }
  const [asked, covered] = [new Set(question.categories), new Set(terms.categories)]
  const categories = CATEGORY_KEYS.filter((key) => asked.has(key) && covered.has(key))
  if (categories.length === 0) return { decision: 'outside-categories' }
  const dataFromS = Math.max(question.dataFromS, terms.dataFromS)
  const dataToS = earlierEnd(question.dataToS, terms.dataToS)
  if (dataToS !== 0 && dataToS <= dataFromS) return { decision: 'outside-period' }
  return { decision: 'permit', categories, dataFromS, dataToS, sensitivities: [...new Set(terms.sensitivities)] }
}

/** The earlier of two ends, where 0 is open. */
function earlierEnd(one: number, other: number): number {
  if (one === 0 || other === 0) return one + other
  return Math.min(one, other)
}
