import { QuestionError } from './errors.ts'
import { MIN_COHORT } from './statistics.ts'

/**
 * What cohorts can be told apart by: fields with so many bins each, declared once for all questions. The time at which a person came into the data
 * is such a field, too: then asking again later is another cohort, and whoever came in between is guarded.
 * @example
 * const grid: CohortGrid = { ageDecade: 10, ward: 4, enteredWeek: 52 }
 */
export type CohortGrid = Readonly<Record<string, number>>

/** The people whose every named field has one of these bins; a field that is not named does not matter. */
export type Cohort = Readonly<Record<string, readonly number[]>>

/** Most cells of a grid. */
export const MAX_GRID_CELLS = 65_536

/** A group whose size must be known before a question may be answered: the cells of the grid that it is made of. */
export type Probe = { readonly cells: readonly number[] }

/**
 * The groups that the answers on these cohorts make tellable: what all answered cohorts and these cut the people into, less who is in none of them. Hospitals
 * count their people in each and open the sums; `ruleOn` then decides. All groups are counted again each time: so it does not matter whether what somebody calls
 * answered was, nor whether a group is still as large as it was.
 * @param answered - All cohorts answered before on these people, whoever asked.
 * @param asked - One cohort; for a histogram or cross-table one for each cell.
 * @throws {QuestionError} `sharing/bad-question`: a field or bin is not of the grid, or the grid has more than 65,536 cells.
 */
export function probesFor(grid: CohortGrid, answered: readonly Cohort[], asked: readonly Cohort[]): Probe[] {
  const [fields, count] = [fieldsOf(grid), sizeOf(grid)]
  const cut = new Cut(count)
  for (const cohort of distinct([...answered, ...asked])) cut.along(cellsOf(fields, cohort, count))
  return cut.groups().flatMap((cells) => (cells[0] !== undefined && cut.isInAny(cells[0]) ? [{ cells }] : []))
}

/**
 * How many people are in a cohort, from the sizes of groups that it is made of.
 * @param probes - As `probesFor` gave them, the cohort among the answered or asked ones.
 */
export function peopleIn(grid: CohortGrid, cohort: Cohort, probes: readonly Probe[], counts: readonly bigint[]): bigint {
  const inside = new Set(cellsOf(fieldsOf(grid), cohort, sizeOf(grid)))
  return probes.reduce((sum, { cells }, index) => (cells[0] !== undefined && inside.has(cells[0]) ? sum + counts[index]! : sum), 0n)
}

/**
 * Whether a question may be answered. It may when each of its probes is empty or has the minimum of people. Then, by induction, every group that
 * can be told apart by answers, in any combination of them, is empty or large enough: differences of two, of sums of several, all linear ones.
 */
export function ruleOn(probeCounts: readonly bigint[], minCohort = MIN_COHORT): 'permit' | 'small-group' {
  return probeCounts.every((people) => people === 0n || people >= BigInt(minCohort)) ? 'permit' : 'small-group'
}

/**
 * A hospital's own people in each probe, to be dealt and summed.
 * @param people - For each person the bin of every field of the grid.
 */
export function countProbes(grid: CohortGrid, probes: readonly Probe[], people: readonly Readonly<Record<string, number>>[]): number[] {
  const perCell = new Map<number, number>()
  for (const person of people) {
    const cell = cellOf(grid, person)
    perCell.set(cell, (perCell.get(cell) ?? 0) + 1)
  }
  return probes.map(({ cells }) => cells.reduce((sum, cell) => sum + (perCell.get(cell) ?? 0), 0))
}

/** Cells cut into groups, step by step: two are in one group while no cohort so far has one of them and not the other. */
class Cut {
  readonly #groupOf: Int32Array
  readonly #isCounted: Uint8Array
  #groups = 1

  constructor(cells: number) {
    this.#groupOf = new Int32Array(cells)
    this.#isCounted = new Uint8Array(cells)
  }

  /** Those of each group that are members become a group of their own. */
  along(members: Iterable<number>): void {
    const becomes = new Map<number, number>()
    for (const cell of members) {
      const group = this.#groupOf[cell]!
      const next = becomes.get(group) ?? this.#groups++
      becomes.set(group, next)
      this.#groupOf[cell] = next
      this.#isCounted[cell] = 1
    }
  }

  /** Whether the cell is in any of the cohorts. */
  isInAny(cell: number): boolean {
    return this.#isCounted[cell] === 1
  }

  /** The groups, in the order of their first cells. */
  groups(): number[][] {
    const groups = new Map<number, number[]>()
    for (const [cell, group] of this.#groupOf.entries()) {
      const known = groups.get(group)
      if (known === undefined) groups.set(group, [cell])
      else known.push(cell)
    }
    return [...groups.values()]
  }
}

/** A field of the grid. @property below - How many cells there are in one bin of it and one of each later field. @property cells - Of each bin. */
type GridField = { readonly below: number; readonly bins: number; readonly cells: readonly (readonly number[])[] }

function fieldsOf(grid: CohortGrid): ReadonlyMap<string, GridField> {
  const count = sizeOf(grid)
  const fields = new Map<string, GridField>()
  let below = 1
  for (const [field, bins] of Object.entries(grid)) {
    const cells = Array.from({ length: bins }, (): number[] => [])
    for (let cell = 0; cell < count; cell++) cells[Math.floor(cell / below) % bins]!.push(cell)
    fields.set(field, { below, bins, cells })
    below *= bins
  }
  return fields
}

/** The cells of a cohort: of those of its narrowest field, the ones that the others have, too. */
function cellsOf(fields: ReadonlyMap<string, GridField>, cohort: Cohort, count: number): readonly number[] {
  const parts = Object.entries(cohort).map(([name, wanted]) => {
    const field = fields.get(name)
    const areBins = field !== undefined && wanted.every((bin) => Number.isInteger(bin) && bin >= 0 && bin < field.bins)
    if (!areBins) throw new QuestionError('sharing/bad-question', 'cohort')
    return { field, wanted: new Set(wanted) }
  })
  const [narrowest, ...others] = parts.sort((one, other) => one.wanted.size / one.field.bins - other.wanted.size / other.field.bins)
  if (narrowest === undefined) return Array.from({ length: count }, (_, cell) => cell)
  return [...narrowest.wanted]
    .flatMap((bin) => narrowest.field.cells[bin] ?? [])
    .filter((cell) => others.every(({ field, wanted }) => wanted.has(Math.floor(cell / field.below) % field.bins)))
}

/** Each cohort once: histograms repeat theirs. */
function distinct(cohorts: readonly Cohort[]): Cohort[] {
  const named = cohorts.map((cohort): [string, Cohort] => [
    JSON.stringify(
      Object.entries(cohort)
        .sort()
        .map(([field, bins]) => [field, [...new Set(bins)].sort((one, other) => one - other)]),
    ),
    cohort,
  ])
  return [...new Map(named).values()]
}

function cellOf(grid: CohortGrid, person: Readonly<Record<string, number>>): number {
  let [cell, size] = [0, 1]
  for (const [field, bins] of Object.entries(grid)) {
    const bin = person[field]
    if (bin === undefined || !Number.isInteger(bin) || bin < 0 || bin >= bins) throw new QuestionError('sharing/number-out-of-range')
    cell += bin * size
    size *= bins
  }
  return cell
}

function sizeOf(grid: CohortGrid): number {
  const size = Object.values(grid).reduce((product, bins) => product * (Number.isInteger(bins) && bins > 0 ? bins : Number.NaN), 1)
  if (!(size <= MAX_GRID_CELLS)) throw new QuestionError('sharing/bad-question', 'grid')
  return size
}
