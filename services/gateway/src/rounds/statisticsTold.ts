import { createHash } from 'node:crypto'
import { COHORT_FIELDS, type StatisticsQuestion, statisticsMeasureSchema, statisticsQuestionSchema } from '@medsync/protocol'
import {
  type Cohort,
  type CohortGrid,
  checkPrivacy,
  checkQuestion,
  type Probe,
  peopleIn,
  probesFor,
  type Question,
  ruleOn,
} from '@medsync/protocol/sharing'
import * as z from 'zod'
import { RoundRefusedError } from './roundError.ts'

/** A question as it is put to the hospitals: of the people, and of what was known of them, at a time. */
export type Asked = { readonly question: StatisticsQuestion; readonly asOfS: number }

/** What an answer told, and of whom. All that a later question on the same field is checked against; nothing in it is secret. */
export type Told = z.output<typeof toldSchema>
export const toldSchema = z.strictObject({
  field: z.string().max(200),
  asOfS: z.number().int(),
  cohort: statisticsQuestionSchema.shape.cohort,
  measure: statisticsMeasureSchema,
  /** Digest of a study's. */
  criteria: z.string().max(64).nullable(),
  /** Of a table or histogram, which cells were told. */
  cells: z.array(z.boolean()).max(200),
  /** People in the cohort and in each cell that was told, as they were counted. */
  counts: z.array(z.number().int()).max(201),
  hospitals: z.array(z.string().max(66)).max(64),
})

const AGE_DECADES = COHORT_FIELDS.ageDecade.length
/** So many groups are counted in one contribution: of twelve hospitals, to each of the others. */
const MAX_PROBES = 5_000
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

/** Checks that a question can be put to the arithmetic, whatever was answered before. @throws {QuestionError} It cannot. */
export function checkArithmetic(question: StatisticsQuestion): void {
  if (question.privacy === undefined) checkQuestion(arithmeticOf(question))
  else checkPrivacy(arithmeticOf(question), question.privacy)
}

/** What cohorts of a field are told apart by; `value` are a histogram's bins, with one below and one above, `entered` the times between answers. */
export function gridOf({ question, asOfS }: Asked, told: readonly Told[]): CohortGrid {
  const edges = edgesOf(question, told)
  const value = edges === null ? 1 : edges.length + 1
  return { ageDecade: AGE_DECADES, gender: GENDERS, value, entered: timesOf(asOfS, told).length }
}

/** The times of all answers before and of this question, which is the last. */
function timesOf(asOfS: number, told: readonly Told[]): number[] {
  return [...new Set([...told.map((earlier) => earlier.asOfS), asOfS])].sort((one, other) => one - other)
}

/** Between which answers a person came; undefined after all of them. */
export function enteredBin({ asOfS }: Asked, told: readonly Told[], enteredS: number): number | undefined {
  const bin = timesOf(asOfS, told).findIndex((time) => enteredS <= time)
  return bin < 0 ? undefined : bin
}

/** A cohort as it was at a time: without those who came later. */
function at(asOfS: number, times: readonly number[], cohort: Cohort): Cohort {
  return { ...cohort, entered: times.flatMap((time, bin) => (time <= asOfS ? [bin] : [])) }
}

/** The cohorts of an answer, as they were at its time. */
function cohortsOf(told: Told, times: readonly number[]): Cohort[] {
  return [wholeOf(told), ...cellsOf(told).filter((_, cell) => told.cells[cell] === true)].map((cohort) => at(told.asOfS, times, cohort))
}

/** The groups that telling these cohorts would make tellable, with all that was told before. */
function groupsFor(asked: Asked, told: readonly Told[], cohorts: readonly Cohort[]): Probe[] {
  const times = timesOf(asked.asOfS, told)
  const before = told.flatMap((earlier) => cohortsOf(earlier, times))
  const now = cohorts.map((cohort) => at(asked.asOfS, times, cohort))
  return probesFor(gridOf(asked, told), before, now)
}

/** The bin of a value in the grid. */
export function valueBin(edges: readonly number[] | null, value: number): number {
  if (edges === null) return 0
  const above = edges.findIndex((edge) => value < edge)
  return above < 0 ? edges.length : above
}

export function edgesOf({ measure }: Pick<StatisticsQuestion, 'measure'>, told: readonly Told[]): readonly number[] | null {
  const histogram = [measure, ...told.map((earlier) => earlier.measure)].find(({ kind }) => kind === 'histogram')
  return histogram?.kind === 'histogram' ? histogram.edges : null
}

/** The cohort of a question as a whole. */
export function wholeOf({ cohort, measure }: Pick<StatisticsQuestion, 'cohort' | 'measure'>): Cohort {
  const named = Object.fromEntries(Object.entries(cohort).flatMap(([field, bins]) => (bins === undefined ? [] : [[field, bins] as const])))
  return measure.kind === 'histogram' ? { ...named, value: measure.edges.slice(1).map((_, at) => at + 1) } : named
}

/** One cohort for each cell of a histogram or table, in their order; none for other questions. */
export function cellsOf(question: Pick<StatisticsQuestion, 'cohort' | 'measure'>): Cohort[] {
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
export function probesOf(asked: Asked, told: readonly Told[]): Probe[] {
  return groupsFor(asked, told, [wholeOf(asked.question), ...cellsOf(asked.question)])
}

/**
 * What an answer tells: the cohort, and each cell that is not withheld.
 * @param told - Which cells are told, and the people in the cohort and in each of those.
 */
export function toldBy({ question, asOfS }: Asked, told: Pick<Told, 'cells' | 'counts' | 'hospitals'>): Told {
  const { measure, field, cohort } = question
  return {
    field: fieldOf(question),
    asOfS,
    cohort,
    measure,
    criteria: field.kind === 'study' ? digestOfCriteria(field.criteria) : null,
    cells: told.cells,
    counts: told.counts,
    hospitals: [...told.hospitals].sort(),
  }
}

/**
 * Whether an answer may be told: each group that it and all answers before tell apart is empty or large enough, and no group that was told before has changed since by
 * fewer people than that.
 * @param counts - People in each of the probes of the question, which cut finer than the answer.
 * @param cells - Which cells would be told.
 */
export function mayTell(
  asked: Asked,
  before: readonly Told[],
  { counts, cells }: { counts: readonly bigint[]; cells: readonly boolean[] },
): boolean {
  const { question } = asked
  const probes = probesOf(asked, before)
  const groups = groupsFor(asked, before, [wholeOf(question), ...cellsOf(question).filter((_, cell) => cells[cell] === true)])
  const people = groups.map((group) => {
    const inside = new Set(group.cells)
    return probes.reduce((sum, probe, index) => (inside.has(probe.cells[0] ?? -1) ? sum + counts[index]! : sum), 0n)
  })
  const grid = gridOf(asked, before)
  const times = timesOf(asked.asOfS, before)
  const changes = before.flatMap((earlier) =>
    cohortsOf(earlier, times).map((cohort, index) => peopleIn(grid, cohort, probes, counts) - BigInt(earlier.counts[index] ?? 0)),
  )
  return ruleOn(people) === 'permit' && ruleOn(changes.map((change) => (change < 0n ? -change : change))) === 'permit'
}

/**
 * Refuses what the answers before exclude whatever the numbers are.
 * @param hospitals - Who would take part.
 * @throws {RoundRefusedError} `rounds/other-range`, `rounds/other-hospitals`, `sharing/bad-question`.
 */
export function checkAgainst(
  question: Asked,
  told: readonly Told[],
  { hospitals, threshold }: { readonly hospitals: readonly string[]; readonly threshold: number },
): void {
  const asked = toldBy(question, { hospitals: [], cells: [], counts: [] })
  for (const part of [rangeOf, edgesIn, criteriaOf]) {
    const isOther = told.some((earlier) => part(earlier) !== null && part(asked) !== null && part(earlier) !== part(asked))
    if (isOther) throw new RoundRefusedError('rounds/other-range')
  }
  // Those who came since the last answer would be the difference.
  if (told.some(({ asOfS }) => asOfS > question.asOfS)) throw new RoundRefusedError('sharing/bad-question', 'time')
  const { measure, field } = question.question
  if (measure.kind === 'crossTable' && measure.rows === measure.columns) {
    throw new RoundRefusedError('sharing/bad-question', 'table')
  }
  if (field.kind === 'study' && measure.kind !== 'count') throw new RoundRefusedError('sharing/bad-question', 'field')
  if (field.kind === 'people' && ('range' in measure || 'edges' in measure)) {
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

// What all answers on a field have to have in common, where they have it.
const rangeOf = ({ measure }: Told) => ('range' in measure ? canonical(measure.range) : null)
const edgesIn = ({ measure }: Told) => (measure.kind === 'histogram' ? canonical(measure.edges) : null)
const criteriaOf = ({ criteria }: Told) => criteria

/** What of one memory is not in another. */
export function missingFrom(told: readonly Told[], other: readonly Told[]): Told[] {
  const known = new Set(other.map(canonical))
  return told.filter((each) => !known.has(canonical(each)))
}

/** Each once. */
export function distinctTold(told: readonly Told[]): Told[] {
  return [...new Map(told.map((each) => [canonical(each), each])).values()]
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
