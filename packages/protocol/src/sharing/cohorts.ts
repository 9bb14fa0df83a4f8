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
 * The groups that the answers on these cohorts would newly make tellable: what all answered cohorts and these cut the people into, less what was so
 * before and less who is in none of them. Hospitals count their people in each and open the sums; `ruleOn` then decides. None: nothing new is told.
 * @param answered - All cohorts answered before on these people, whoever asked.
 * @param asked - One cohort; for a histogram or cross-table one for each cell.
 * @throws {QuestionError} `sharing/bad-question`: a field or bin is not of the grid, or the grid has more than 65,536 cells.
 */
export function probesFor(grid: CohortGrid, answered: readonly Cohort[], asked: readonly Cohort[]): Probe[] {
  const before = groups(grid, answered)
  return [...groups(grid, [...answered, ...asked])].flatMap(([signature, cells]) => {
    const signatureBefore = signature.slice(0, answered.length)
    const wasTold = signatureBefore.includes('1') && before.get(signatureBefore)?.length === cells.length
    return wasTold || !signature.includes('1') ? [] : [{ cells }]
  })
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

/** The cells of the grid, by which of the cohorts they belong to. */
function groups(grid: CohortGrid, cohorts: readonly Cohort[]): Map<string, number[]> {
  const members = cohorts.map((cohort) => membership(grid, cohort))
  const found = new Map<string, number[]>()
  for (let cell = 0; cell < sizeOf(grid); cell++) {
    const signature = members.map((isMember) => (isMember[cell] ? '1' : '0')).join('')
    const cells = found.get(signature)
    if (cells === undefined) found.set(signature, [cell])
    else cells.push(cell)
  }
  return found
}

function membership(grid: CohortGrid, cohort: Cohort): boolean[] {
  for (const [field, bins] of Object.entries(cohort)) {
    const areBins = Object.hasOwn(grid, field) && bins.every((bin) => Number.isInteger(bin) && bin >= 0 && bin < grid[field]!)
    if (!areBins) throw new QuestionError('sharing/bad-question', 'cohort')
  }
  return Array.from({ length: sizeOf(grid) }, (_, cell) => {
    let rest = cell
    return Object.entries(grid).every(([field, bins]) => {
      const bin = rest % bins
      rest = Math.floor(rest / bins)
      return cohort[field] === undefined || cohort[field].includes(bin)
    })
  })
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
