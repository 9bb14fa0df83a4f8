import {
  type CategoryKey,
  type ConsentTerms,
  checkTerms,
  feltSchema,
  type OrganisationId,
  organisationIdSchema,
  type SensitivityKey,
  ZERO,
} from '@medsync/protocol'
import { dayToS, sToDay } from '../../ui/format/formatTime.ts'
import { withoutIncluded } from './purposeWords.ts'

/** A consent as its form holds it, before it means anything: days as date inputs give them, empty for "open". */
export type ConsentDraft = {
  readonly grantee: string
  readonly purposes: readonly string[]
  readonly categories: readonly CategoryKey[]
  readonly sensitivities: readonly SensitivityKey[]
  readonly dataFrom: string
  readonly dataTo: string
  /** Empty: whichever hospital holds a record. */
  readonly custodian: string
  readonly until: string
}

const DAY_S = 86_400
/** What research usually needs; who you are, free text and bills are left for the patient to add. */
export const RESEARCH_CATEGORIES: readonly CategoryKey[] = [
  'conditions',
  'medications',
  'vitals',
  'laboratory',
  'procedures',
  'immunizations',
]

/** How long a consent may last, offered as one press. */
export const DURATIONS = [
  { label: '3 months', months: 3 },
  { label: '6 months', months: 6 },
  { label: '1 year', months: 12 },
  { label: '2 years', months: 24 },
] as const

/** The last day of a consent that is given today for so many months; 31 January and one month is 28 or 29 February. */
export function dayAfterMonths(nowS: number, months: number): string {
  const start = new Date(nowS * 1000)
  const end = new Date(start.getFullYear(), start.getMonth() + months, start.getDate())
  const isSpilled = end.getDate() !== start.getDate()
  return sToDay(Math.floor((isSpilled ? new Date(end.getFullYear(), end.getMonth(), 0) : end).getTime() / 1000))
}

/** What the form starts with: health research on the usual data, nothing sensitive, for a year. */
export function newConsentDraft(nowS: number): ConsentDraft {
  return {
    grantee: '',
    purposes: ['HRESCH'],
    categories: RESEARCH_CATEGORIES,
    sensitivities: [],
    dataFrom: '',
    dataTo: '',
    custodian: '',
    until: dayAfterMonths(nowS, 12),
  }
}

/** The form's draft for a consent that is to be changed. */
export function draftOfTerms(terms: ConsentTerms): ConsentDraft {
  return {
    grantee: terms.grantee,
    purposes: terms.purposes,
    categories: terms.categories,
    sensitivities: terms.sensitivities,
    dataFrom: sToDay(terms.dataFromS),
    // The end is exclusive on chain, and the last day inclusive on screen.
    dataTo: terms.dataToS === 0 ? '' : sToDay(terms.dataToS - DAY_S),
    custodian: terms.custodian === ZERO ? '' : terms.custodian,
    until: sToDay(terms.expiresAtS - DAY_S),
  }
}

/**
 * The terms that a draft means. Days include their last hour; a consent begins with its grant.
 * @throws {ConsentTermsError} As `checkTerms`: nothing chosen, an end in the past, an empty period.
 * @throws {ConsentTermsError} `consent/unknown-grantee` is the gateway's to say; here an empty grantee fails the schema before.
 */
export function termsOfDraft(draft: ConsentDraft, nowS: number): ConsentTerms {
  const grantee: OrganisationId = organisationIdSchema.parse(draft.grantee)
  const dataToS = dayToS(draft.dataTo)
  return checkTerms(
    {
      grantee,
      purposes: withoutIncluded(draft.purposes),
      notBeforeS: 0,
      expiresAtS: (dayToS(draft.until) ?? 0) + DAY_S,
      categories: [...draft.categories],
      dataFromS: dayToS(draft.dataFrom) ?? 0,
      dataToS: dataToS === undefined ? 0 : dataToS + DAY_S,
      custodian: draft.custodian === '' ? ZERO : feltSchema.parse(draft.custodian),
      sensitivities: [...draft.sensitivities],
    },
    nowS,
  )
}

/** What still stands in the way of a draft, by field; empty when nothing does. */
export function problemsOfDraft(draft: ConsentDraft, nowS: number): Partial<Record<keyof ConsentDraft, string>> {
  const problems: Partial<Record<keyof ConsentDraft, string>> = {}
  if (draft.grantee === '') problems.grantee = 'Choose who may use your data.'
  if (draft.purposes.length === 0) problems.purposes = 'Choose at least one purpose.'
  if (draft.categories.length === 0) problems.categories = 'Choose at least one kind of data.'
  const until = dayToS(draft.until)
  if (until === undefined) problems.until = 'Choose the last day of your consent.'
  else if (until + DAY_S <= nowS) problems.until = 'That day has passed. Choose one in the future.'
  const from = dayToS(draft.dataFrom)
  const to = dayToS(draft.dataTo)
  if (draft.dataFrom !== '' && from === undefined) problems.dataFrom = 'That is not a day.'
  if (draft.dataTo !== '' && to === undefined) problems.dataTo = 'That is not a day.'
  if (from !== undefined && to !== undefined && to < from) problems.dataTo = 'The last day lies before the first.'
  return problems
}
