import { COHORT_FIELDS, type StatisticsQuestion } from '@medsync/protocol'

/** A cell of an answer: how many people, or `null` when it is withheld. */
export type Cell = { readonly label: string; readonly people: number | null }
/** A cross-table as it is shown: the longer side downwards, and only what the question asked about. */
export type CrossTable = {
  readonly downName: 'ageDecade' | 'gender'
  readonly acrossName: 'ageDecade' | 'gender'
  readonly across: readonly string[]
  readonly rows: readonly { readonly label: string; readonly cells: readonly (number | null)[] }[]
}

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 6 })

/** The bins of a histogram with their borders: each without its upper one. */
export function binsOf(edges: readonly number[], cells: readonly (number | null)[]): Cell[] {
  return cells.map((people, index) => ({ label: `${number.format(edges[index] ?? 0)} – ${number.format(edges[index + 1] ?? 0)}`, people }))
}

/** The cells of a cross-table, row after row, in the order that reads best on a narrow screen. */
export function crossTableOf(
  { rows, columns }: { readonly rows: 'ageDecade' | 'gender'; readonly columns: 'ageDecade' | 'gender' },
  cohort: StatisticsQuestion['cohort'],
  cells: readonly (number | null)[],
): CrossTable {
  const isTurned = COHORT_FIELDS[columns].length > COHORT_FIELDS[rows].length
  const [downName, acrossName] = isTurned ? [columns, rows] : [rows, columns]
  const width = COHORT_FIELDS[columns].length
  const cellAt = (down: number, across: number): number | null => cells[isTurned ? across * width + down : down * width + across] ?? null
  const [downBins, acrossBins] = [binsIn(downName, cohort), binsIn(acrossName, cohort)]
  return {
    downName,
    acrossName,
    across: acrossBins.map((bin) => COHORT_FIELDS[acrossName][bin] ?? ''),
    rows: downBins.map((down) => ({
      label: COHORT_FIELDS[downName][down] ?? '',
      cells: acrossBins.map((across) => cellAt(down, across)),
    })),
  }
}

function binsIn(name: 'ageDecade' | 'gender', cohort: StatisticsQuestion['cohort']): readonly number[] {
  return cohort[name] ?? COHORT_FIELDS[name].map((_, bin) => bin)
}
