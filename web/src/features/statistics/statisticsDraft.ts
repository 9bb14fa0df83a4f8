import {
  type AsOf,
  COHORT_FIELDS,
  type CohortField,
  type StatisticsField,
  type StatisticsMeasure,
  type StatisticsQuestion,
} from '@medsync/protocol'
import { checkPrivacy, checkQuestion, type EPSILONS_MILLI } from '@medsync/protocol/sharing'
import { AGE, FIELDS } from './fields.ts'

export type MeasureKind = StatisticsMeasure['kind']
/** How much an answer with noise may tell of one person, in thousandths of epsilon. */
export type EpsilonMilli = (typeof EPSILONS_MILLI)[number]

/** A question as its form holds it: numbers as typed. */
export type StatisticsDraft = {
  /** `people`, `age`, `other`, or the LOINC code of a usual measurement. */
  readonly field: string
  /** Of `other`. */
  readonly loinc: string
  readonly unit: string
  readonly measure: MeasureKind
  readonly min: string
  readonly max: string
  readonly decimals: string
  readonly binsFrom: string
  readonly binsTo: string
  readonly binsStep: string
  readonly rows: CohortField
  readonly columns: CohortField
  /** Chosen bins of `COHORT_FIELDS`; none chosen means that the field does not matter. */
  readonly ageDecade: readonly number[]
  readonly gender: readonly number[]
  /** Of which time. */
  readonly asOf: AsOf
  /** `null`: exact. */
  readonly epsilonMilli: EpsilonMilli | null
}

const MAX_BINS = 49

/** What the form starts with. */
export function newStatisticsDraft(): StatisticsDraft {
  return withField(
    {
      field: 'people',
      loinc: '',
      unit: '',
      measure: 'crossTable',
      min: '0',
      max: '100',
      decimals: '0',
      binsFrom: '0',
      binsTo: '100',
      binsStep: '10',
      rows: 'ageDecade',
      columns: 'gender',
      ageDecade: [],
      gender: [],
      asOf: 'last',
      epsilonMilli: null,
    },
    '8480-6',
  )
}

/** The measures that can be asked of a field: people have no number, only a count. */
export function measuresOf(field: string): readonly MeasureKind[] {
  if (field === 'people') return ['count', 'crossTable']
  return field === 'age' ? ['mean', 'variance', 'histogram'] : ['mean', 'variance', 'histogram', 'count', 'crossTable', 'sum']
}

/** The draft about another field: with that field's usual range and bins, and a measure that fits. */
export function withField(draft: StatisticsDraft, field: string): StatisticsDraft {
  const known = field === 'age' ? AGE : FIELDS.find(({ loinc }) => loinc === field)
  const measures = measuresOf(field)
  const measure = measures.includes(draft.measure) && draft.field !== 'people' ? draft.measure : (measures[0] ?? 'count')
  if (known === undefined) return { ...draft, field, measure }
  const { range, bins } = known
  return {
    ...draft,
    field,
    measure,
    min: String(range.min),
    max: String(range.max),
    decimals: String(range.decimals),
    binsFrom: String(bins.from),
    binsTo: String(bins.to),
    binsStep: String(bins.step),
  }
}

/** A number as typed, with a point or a comma; undefined when it is none. */
export function numberOf(text: string): number | undefined {
  return /^-?\d{1,9}([.,]\d{1,9})?$/.test(text.trim()) ? Number(text.trim().replace(',', '.')) : undefined
}

/** Borders of equal bins, without the rests of binary fractions; undefined when there are none, or more than can be asked. */
export function edgesOf({ binsFrom, binsTo, binsStep }: Pick<StatisticsDraft, 'binsFrom' | 'binsTo' | 'binsStep'>): number[] | undefined {
  const [from, to, step] = [numberOf(binsFrom), numberOf(binsTo), numberOf(binsStep)]
  if (from === undefined || to === undefined || step === undefined || step <= 0 || to <= from) return undefined
  const bins = Math.round((to - from) / step)
  const isWhole = Math.abs(bins * step - (to - from)) < step * 1e-6
  if (!isWhole || bins < 1 || bins > MAX_BINS) return undefined
  return Array.from({ length: bins + 1 }, (_, index) => Number((from + index * step).toPrecision(12)))
}

/** What stands in the way, by field; empty when nothing does. */
export function problemsOfStatistics(draft: StatisticsDraft): Partial<Record<keyof StatisticsDraft, string>> {
  const problems: Partial<Record<keyof StatisticsDraft, string>> = {}
  if (draft.field === 'other' && !/^\d{1,7}-\d$/.test(draft.loinc.trim())) problems.loinc = 'A LOINC code is digits, a hyphen, a digit.'
  if (draft.field === 'other' && !/^[\x21-\x7e]{1,40}$/.test(draft.unit.trim())) problems.unit = 'Give the unit in UCUM, as in the records.'
  if (hasRange(draft.measure)) checkRange(draft, problems)
  if (draft.measure === 'histogram' && edgesOf(draft) === undefined)
    problems.binsStep = `The way from the first border to the last must be whole bins, ${MAX_BINS} at most.`
  if (draft.measure === 'crossTable' && draft.rows === draft.columns) problems.columns = 'Choose two different fields.'
  return problems
}

/** Whether a measure needs a range that is stated beforehand. */
export const hasRange = (measure: MeasureKind): measure is 'sum' | 'mean' | 'variance' =>
  measure === 'sum' || measure === 'mean' || measure === 'variance'

function checkRange(draft: StatisticsDraft, problems: Partial<Record<keyof StatisticsDraft, string>>): void {
  const range = rangeOf(draft)
  if (numberOf(draft.min) === undefined) problems.min = 'Give a number.'
  else if (range === undefined) problems.max = 'Give a number above the lowest value.'
  if (!/^[0-9]$/.test(draft.decimals.trim())) problems.decimals = 'From 0 to 9.'
  if (range === undefined || problems.decimals !== undefined || !hasRange(draft.measure)) return
  try {
    const question = { kind: draft.measure, range }
    if (draft.epsilonMilli === null) checkQuestion(question)
    else checkPrivacy(question, { epsilonMilli: draft.epsilonMilli })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    problems.max = 'That range with so many decimals is too wide to be added up exactly.'
  }
}

function rangeOf({ min, max, decimals }: StatisticsDraft) {
  const [low, high] = [numberOf(min), numberOf(max)]
  return low === undefined || high === undefined || high <= low ? undefined : { min: low, max: high, decimals: Number(decimals) }
}

/** The question for the gateway; call it only when `problemsOfStatistics` found nothing. */
export function questionOf(draft: StatisticsDraft): StatisticsQuestion {
  const { epsilonMilli } = draft
  const asked = { field: askedField(draft), measure: askedMeasure(draft), cohort: cohortOf(draft) }
  return epsilonMilli === null ? asked : { ...asked, privacy: { epsilonMilli } }
}

function askedField({ field, loinc, unit }: StatisticsDraft): StatisticsField {
  if (field === 'people' || field === 'age') return { kind: field }
  if (field === 'other') return { kind: 'observation', loinc: loinc.trim(), unit: unit.trim() }
  return { kind: 'observation', loinc: field, unit: FIELDS.find((known) => known.loinc === field)?.unit ?? '' }
}

function askedMeasure(draft: StatisticsDraft): StatisticsMeasure {
  const { measure, rows, columns } = draft
  if (measure === 'count') return { kind: measure }
  if (measure === 'histogram') return { kind: measure, edges: edgesOf(draft) ?? [] }
  if (measure === 'crossTable') return { kind: measure, rows, columns }
  return { kind: measure, range: rangeOf(draft) ?? { min: 0, max: 0, decimals: 0 } }
}

/** Choosing every bin is the same as choosing none: the field does not matter. */
function cohortOf(draft: StatisticsDraft): StatisticsQuestion['cohort'] {
  const chosen = (name: CohortField): number[] | undefined => {
    const bins = draft[name]
    return bins.length === 0 || bins.length === COHORT_FIELDS[name].length ? undefined : bins.toSorted((one, other) => one - other)
  }
  const [ageDecade, gender] = [chosen('ageDecade'), chosen('gender')]
  return { ...(ageDecade === undefined ? {} : { ageDecade }), ...(gender === undefined ? {} : { gender }) }
}
