import { describeCriterion, MatchingError, parseCriteria, WITHIN } from '@medsync/protocol/matching'
import { LOINC, UCUM } from '@medsync/protocol/urgency'
import { FIELDS } from '../statistics/fields.ts'
import { nameOfCode, SYSTEMS, type SystemKey, systemsFor } from './knownCodes.ts'

export const CRITERION_KINDS = ['age', 'sex', 'condition', 'observation', 'medication'] as const
export type CriterionKind = (typeof CRITERION_KINDS)[number]

/** One criterion as its row of the form holds it; what does not belong to its kind is left alone. */
export type CriterionDraft = {
  /** Tells the rows apart. */
  readonly id: number
  readonly kind: CriterionKind
  readonly isExcluded: boolean
  readonly min: string
  readonly max: string
  readonly sex: 'female' | 'male'
  readonly system: SystemKey
  /** One or more, with commas between them: any of them will do. */
  readonly codes: string
  /** LOINC code and UCUM unit of an observation. */
  readonly loinc: string
  readonly unit: string
  /** Within the last so many; empty is no limit. */
  readonly within: string
  readonly withinUnit: 'a' | 'mo' | 'wk' | 'd'
}

const [usual] = FIELDS

/** A new row of a kind. */
export function newCriterion(kind: CriterionKind, others: readonly CriterionDraft[]): CriterionDraft {
  return {
    id: Math.max(-1, ...others.map(({ id }) => id)) + 1,
    kind,
    isExcluded: false,
    min: kind === 'age' ? '18' : '',
    max: '',
    sex: 'female',
    system: systemsFor(kind === 'medication' ? 'medication' : 'condition')[0] ?? 'snomed',
    codes: '',
    loinc: usual?.loinc ?? '',
    unit: usual?.unit ?? '',
    within: kind === 'observation' ? '2' : '',
    withinUnit: 'a',
  }
}

/** What a row still needs; undefined when it is whole. */
export function problemOfCriterion(draft: CriterionDraft): string | undefined {
  const within = numberOf(draft.within)
  if (hasWindow(draft.kind) && draft.within.trim() !== '' && !(within !== undefined && Number.isInteger(within) && within >= 1))
    return 'The time is a whole number of at least 1, or empty.'
  switch (draft.kind) {
    case 'sex':
      return undefined
    case 'condition':
    case 'medication':
      return codesIn(draft.codes).length === 0 ? 'Choose a code, or type one.' : undefined
    default:
      return problemOfBounds(draft)
  }
}

/** Whether a kind can be limited to a time. Age and sex are those of the day. */
export const hasWindow = (kind: CriterionKind): boolean => kind !== 'age' && kind !== 'sex'

function problemOfBounds({ kind, min, max, loinc, unit }: CriterionDraft): string | undefined {
  const [low, high] = [numberOf(min), numberOf(max)]
  const isOdd = (text: string, value: number | undefined): boolean => text.trim() !== '' && value === undefined
  if (isOdd(min, low) || isOdd(max, high)) return 'Give numbers, or leave one of them empty.'
  if (low === undefined && high === undefined) return 'Give a lowest or a highest value.'
  if (low !== undefined && high !== undefined && low > high) return 'The lowest value is above the highest.'
  if (kind === 'observation' && !/^\d{1,7}-\d$/.test(loinc.trim())) return 'A LOINC code is digits, a hyphen, a digit.'
  return kind === 'observation' && unit.trim() === '' ? 'Give the unit in UCUM.' : undefined
}

/** The rows as a FHIR R4 Group that describes people; call it only when every row is whole. */
export function groupOf(drafts: readonly CriterionDraft[]): Readonly<Record<string, unknown>> {
  return { resourceType: 'Group', type: 'person', actual: false, characteristic: drafts.map(characteristicOf) }
}

/**
 * The rows in words, as patients and hospitals will read them, read back from the Group that is sent.
 * @returns An explanation instead, when the hospitals' matching would not take the Group.
 */
export function wordsOfCriteria(drafts: readonly CriterionDraft[]): readonly string[] | { readonly problem: string } {
  try {
    return parseCriteria(groupOf(drafts)).map(describeCriterion)
  } catch (error) {
    if (error instanceof MatchingError) return { problem: error.message }
    throw error
  }
}

const codeable = (system: string, code: string, display: string) => ({ coding: [{ system, code, display }] })

function characteristicOf(draft: CriterionDraft): Readonly<Record<string, unknown>> {
  const { kind, isExcluded: exclude, within, withinUnit } = draft
  const count = numberOf(within)
  const extension =
    hasWindow(kind) && count !== undefined
      ? { extension: [{ url: WITHIN, valueDuration: { value: count, unit: withinUnit, system: UCUM, code: withinUnit } }] }
      : {}
  return { ...askedOf(draft), exclude, ...extension }
}

function askedOf(draft: CriterionDraft): Readonly<Record<string, unknown>> {
  switch (draft.kind) {
    case 'age':
      return { code: codeable(LOINC, '30525-0', 'Age'), valueRange: rangeOf(draft, 'a') }
    case 'sex':
      return {
        code: codeable(LOINC, '46098-0', 'Sex'),
        valueCodeableConcept: codeable('http://hl7.org/fhir/administrative-gender', draft.sex, draft.sex),
      }
    case 'condition':
      return { code: codeable(LOINC, '29308-4', 'Diagnosis'), valueCodeableConcept: soughtOf(draft) }
    case 'medication':
      return { code: codeable(LOINC, '10160-0', 'Medication'), valueCodeableConcept: soughtOf(draft) }
    case 'observation': {
      const name = FIELDS.find(({ loinc }) => loinc === draft.loinc)?.name ?? `LOINC ${draft.loinc}`
      return { code: codeable(LOINC, draft.loinc.trim(), name), valueRange: rangeOf(draft, draft.unit.trim()) }
    }
  }
}

function soughtOf({ system, codes }: CriterionDraft) {
  return {
    coding: codesIn(codes).map((code) => {
      const name = nameOfCode(code)
      return { system: SYSTEMS[system].url, code, ...(name === undefined ? {} : { display: name }) }
    }),
  }
}

function rangeOf({ min, max }: CriterionDraft, unit: string) {
  const bound = (text: string) => {
    const value = numberOf(text)
    return value === undefined ? undefined : { value, unit, system: UCUM, code: unit }
  }
  const [low, high] = [bound(min), bound(max)]
  return { ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) }
}

/** Codes as typed, with commas or spaces between them. */
export function codesIn(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((code) => code !== ''))]
}

function numberOf(text: string): number | undefined {
  return /^-?\d{1,6}([.,]\d{1,4})?$/.test(text.trim()) ? Number(text.trim().replace(',', '.')) : undefined
}
