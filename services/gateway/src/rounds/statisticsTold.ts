import { createHash } from 'node:crypto'
import { COHORT_FIELDS, type StatisticsQuestion, type StatisticsResult } from '@medsync/protocol'
import { type Cohort, type CohortGrid, type NumberRange, type Probe, probesFor, type Question, ruleOn } from '@medsync/protocol/sharing'
import { RoundRefusedError } from './roundError.ts'

/** What an answer told, and of whom. All that a later question on the same field is checked against. */
export type Told = {
  readonly round: string
  readonly field: string
  readonly range: NumberRange | null
  readonly edges: readonly number[] | null
  readonly criteria: string | null
  readonly cohorts: readonly Cohort[]
  readonly hospitals: readonly string[]
}

const AGE_DECADES = COHORT_FIELDS.ageDecade.length
/** So many groups are counted in one contribution. */
const MAX_PROBES = 2_000
const GENDERS = COHORT_FIELDS.gender.length

/** Whose numbers a question is about: answers on one field are checked against each other. */
export function fieldOf({ field }: StatisticsQuestion): string {
  switch (field.kind) {
    case 'observation':
      return `observation ${field.loinc} ${field.unit}`
    case 'study':
      return `study ${field.study}`
    default:
      return field.kind
  }
}

/** The question as the arithmetic takes it. */
export function arithmeticOf({ measure }: StatisticsQuestion): Question {
  if (measure.kind !== 'crossTable') return measure
  return { kind: 'crossTable', rows: COHORT_FIELDS[measure.rows].length, columns: COHORT_FIELDS[measure.columns].length }
}

/** What cohorts of a field are told apart by; `value` are a histogram's bins, with one below and one above. */
export function gridOf(question: StatisticsQuestion, told: readonly Told[]): CohortGrid {
  const edges = edgesOf(question, told)
  return { ageDecade: AGE_DECADES, gender: GENDERS, value: edges === null ? 1 : edges.length + 1 }
}

/** The bin of a value in the grid. */
export function valueBin(edges: readonly number[] | null, value: number): number {
  if (edges === null) return 0
  const above = edges.findIndex((edge) => value < edge)
  return above < 0 ? edges.length : above
}

export function edgesOf({ measure }: StatisticsQuestion, told: readonly Told[]): readonly number[] | null {
  return measure.kind === 'histogram' ? measure.edges : (told.find(({ edges }) => edges !== null)?.edges ?? null)
}

/** The cohort of a question as a whole. */
export function wholeOf({ cohort, measure }: StatisticsQuestion): Cohort {
  const named = Object.fromEntries(Object.entries(cohort).flatMap(([field, bins]) => (bins === undefined ? [] : [[field, bins] as const])))
  return measure.kind === 'histogram' ? { ...named, value: measure.edges.slice(1).map((_, at) => at + 1) } : named
}

/** One cohort for each cell of a histogram or table, in their order; none for other questions. */
export function cellsOf(question: StatisticsQuestion): Cohort[] {
  const { measure } = question
  const whole = wholeOf(question)
  if (measure.kind === 'histogram') return measure.edges.slice(1).map((_, at) => ({ ...whole, value: [at + 1] }))
  if (measure.kind !== 'crossTable') return []
  const { rows, columns } = measure
  const only = (field: 'ageDecade' | 'gender', bin: number) => [bin].filter((each) => whole[field]?.includes(each) ?? true)
  return COHORT_FIELDS[rows].flatMap((_, row) =>
    COHORT_FIELDS[columns].map((__, column) => ({ ...whole, [rows]: only(rows, row), [columns]: only(columns, column) })),
  )
}

/** The groups whose sizes must be known before anything is told. */
export function probesOf(question: StatisticsQuestion, told: readonly Told[]): Probe[] {
  const answered = told.flatMap(({ cohorts }) => cohorts)
  return probesFor(gridOf(question, told), answered, [wholeOf(question), ...cellsOf(question)])
}

/** What an answer tells: the cohort, and each cell that is not withheld. */
export function toldBy(
  round: string,
  question: StatisticsQuestion,
  result: StatisticsResult | { readonly kind: 'histogram'; readonly cohort: number; readonly cells: readonly [] },
  hospitals: readonly string[],
): Told | undefined {
  if (result.kind === 'withheld') return undefined
  const cells = 'cells' in result ? cellsOf(question).filter((_, at) => result.cells[at] !== null) : []
  const { measure, field } = question
  return {
    round,
    field: fieldOf(question),
    range: 'range' in measure ? measure.range : null,
    edges: measure.kind === 'histogram' ? measure.edges : null,
    criteria: field.kind === 'study' ? digestOfCriteria(field.criteria) : null,
    cohorts: [wholeOf(question), ...cells],
    hospitals: [...hospitals].sort(),
  }
}

/**
 * Whether an answer may be told: each group that it tells apart, with all answers before, is empty or large enough.
 * @param counts - People in each of the `probes`, which cut finer than the answer.
 */
export function mayTell(
  {
    question,
    before,
    probes,
    counts,
  }: {
    readonly question: StatisticsQuestion
    readonly before: readonly Told[]
    readonly probes: readonly Probe[]
    readonly counts: readonly bigint[]
  },
  told: Told,
): boolean {
  const answered = before.flatMap(({ cohorts }) => cohorts)
  const groups = probesFor(gridOf(question, before), answered, told.cohorts)
  const people = groups.map(({ cells }) => {
    const inside = new Set(cells)
    return probes.reduce((sum, probe, at) => (inside.has(probe.cells[0] ?? -1) ? sum + counts[at]! : sum), 0n)
  })
  return ruleOn(people) === 'permit'
}

/**
 * Refuses what the answers before exclude whatever the numbers are.
 * @param hospitals - Who would take part.
 * @throws {RoundRefusedError} `rounds/other-range`, `rounds/other-hospitals`, `sharing/bad-question`.
 */
export function checkAgainst(
  question: StatisticsQuestion,
  told: readonly Told[],
  { hospitals, threshold }: { readonly hospitals: readonly string[]; readonly threshold: number },
): void {
  const asked = toldBy('', question, { kind: 'count', cohort: 0, value: 0 }, hospitals)!
  for (const part of ['range', 'edges', 'criteria'] as const) {
    const isOther = told.some(
      (earlier) => earlier[part] !== null && asked[part] !== null && canonical(earlier[part]) !== canonical(asked[part]),
    )
    if (isOther) throw new RoundRefusedError('rounds/other-range')
  }
  if (question.measure.kind === 'crossTable' && question.measure.rows === question.measure.columns) {
    throw new RoundRefusedError('sharing/bad-question', 'table')
  }
  if (question.field.kind === 'study' && question.measure.kind !== 'count') throw new RoundRefusedError('sharing/bad-question', 'field')
  if (question.field.kind === 'people' && ('range' in question.measure || 'edges' in question.measure)) {
    throw new RoundRefusedError('sharing/bad-question', 'field')
  }
  if (probesOf(question, told).length > MAX_PROBES) throw new RoundRefusedError('sharing/bad-question', 'too many groups')
  checkHospitals([...told.map((earlier) => earlier.hospitals), hospitals], threshold)
}

/** Sums over two sets of hospitals differ by the inputs of those who are in one only: any such group must hide each of its hospitals. */
function checkHospitals(sets: readonly (readonly string[])[], threshold: number): void {
  const groups = new Map<string, number>()
  for (const hospital of new Set(sets.flat())) {
    const signature = sets.map((set) => (set.includes(hospital) ? '1' : '0')).join('')
    groups.set(signature, (groups.get(signature) ?? 0) + 1)
  }
  if ([...groups.values()].some((size) => size <= threshold)) throw new RoundRefusedError('rounds/other-hospitals')
}

/** What all hospitals must agree on before a question is asked: their memory of its field. */
export function digestOfTold(told: readonly Told[]): string {
  const sorted = [...told].sort((one, other) => (one.round < other.round ? -1 : 1))
  return createHash('sha256').update(canonical(sorted)).digest('hex')
}

function digestOfCriteria(criteria: unknown): string {
  return createHash('sha256').update(canonical(criteria)).digest('hex')
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  )
}
