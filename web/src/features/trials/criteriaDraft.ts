import { describeCriterion, MatchingError, parseCriteria, WITHIN } from '@medsync/protocol/matching'
import { LOINC, UCUM } from '@medsync/protocol/urgency'
import * as z from 'zod'
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

const codingSchema = z.object({ system: z.string(), code: z.string() })
const conceptSchema = z.object({ coding: z.array(codingSchema).min(1) })
const boundSchema = z.object({ value: z.number(), code: z.string() })
const lengthSchema = z.object({ value: z.number(), code: z.enum(['a', 'mo', 'wk', 'd']) })
const characteristicSchema = z.object({
  code: conceptSchema,
  exclude: z.boolean(),
  valueCodeableConcept: conceptSchema.optional(),
  valueRange: z.object({ low: boundSchema.optional(), high: boundSchema.optional() }).optional(),
  extension: z.array(z.object({ valueDuration: lengthSchema })).optional(),
})
const groupSchema = z.object({ characteristic: z.array(characteristicSchema) })

/** The rows of criteria that this form made before; undefined for a Group of another making, which it would change. */
export function draftsOf(group: unknown): CriterionDraft[] | undefined {
  const parsed = groupSchema.safeParse(group)
  if (!parsed.success) return undefined
  const drafts = parsed.data.characteristic.map((each, id) => rowOf(each, id))
  const rows = drafts.filter((draft) => draft !== undefined)
  return rows.length === drafts.length && JSON.stringify(groupOf(rows)) === JSON.stringify(group) ? rows : undefined
}

const KIND_OF_CODE: Readonly<Record<string, CriterionKind>> = {
  '30525-0': 'age',
  '46098-0': 'sex',
  '29308-4': 'condition',
  '10160-0': 'medication',
}

function rowOf(characteristic: z.output<typeof characteristicSchema>, id: number): CriterionDraft | undefined {
  const [code] = characteristic.code.coding
  if (code === undefined) return undefined
  const kind = KIND_OF_CODE[code.code] ?? 'observation'
  const { low, high } = characteristic.valueRange ?? {}
  const sought = characteristic.valueCodeableConcept?.coding ?? []
  const system = (Object.keys(SYSTEMS) as SystemKey[]).find((key) => SYSTEMS[key].url === sought[0]?.system)
  const within = characteristic.extension?.[0]?.valueDuration
  return {
    ...newCriterion(kind, []),
    id,
    isExcluded: characteristic.exclude,
    min: low === undefined ? '' : String(low.value),
    max: high === undefined ? '' : String(high.value),
    ...(kind === 'sex' ? { sex: sought[0]?.code === 'male' ? ('male' as const) : ('female' as const) } : {}),
    ...(system === undefined ? {} : { system, codes: sought.map((each) => each.code).join(', ') }),
    ...(kind === 'observation' ? { loinc: code.code, unit: (low ?? high)?.code ?? '' } : {}),
    within: within === undefined ? '' : String(within.value),
    withinUnit: within?.code ?? 'a',
  }
}
