import { NativeSelect, TextInput } from '@mantine/core'
import type { CohortField } from '@medsync/protocol'
import type { JSX } from 'react'
import { COHORT_WORDS } from './questionWords.ts'
import styles from './StatisticsForm.module.css'
import { hasRange, type StatisticsDraft } from './statisticsDraft.ts'

const SIDES = ['ageDecade', 'gender'] as const satisfies readonly CohortField[]

/** What a measure needs beside the field: a range, bins, or the two sides of a table. */
export function MeasureDetails({
  draft,
  shown,
  onChange,
}: {
  readonly draft: StatisticsDraft
  readonly shown: Partial<Record<keyof StatisticsDraft, string>>
  readonly onChange: (change: Partial<StatisticsDraft>) => void
}): JSX.Element | null {
  const number = (name: 'min' | 'max' | 'decimals' | 'binsFrom' | 'binsTo' | 'binsStep', label: string): JSX.Element => (
    <TextInput
      label={label}
      inputMode="decimal"
      autoComplete="off"
      value={draft[name]}
      error={shown[name]}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
    />
  )
  const side = (name: 'rows' | 'columns', label: string): JSX.Element => (
    <NativeSelect
      label={label}
      value={draft[name]}
      error={shown[name]}
      onChange={(event) => onChange({ [name]: SIDES.find((each) => each === event.currentTarget.value) ?? 'gender' })}
      data={SIDES.map((each) => ({ value: each, label: COHORT_WORDS[each] }))}
    />
  )
  if (hasRange(draft.measure)) {
    return (
      <div className={styles.details}>
        <p className={styles.note}>
          {draft.epsilonMilli === null
            ? 'Values beyond the range count as its end. All later exact questions about this field have to keep to the same.'
            : 'Values beyond the range count as its end. The narrower it is, the less noise is needed.'}
        </p>
        <div className={styles.three}>
          {number('min', 'Lowest value')}
          {number('max', 'Highest value')}
          {number('decimals', 'Decimals')}
        </div>
      </div>
    )
  }
  if (draft.measure === 'histogram') {
    return (
      <div className={styles.details}>
        <p className={styles.note}>
          {draft.epsilonMilli === null
            ? 'Each bin holds its lower border, not its upper one. Make them so wide that each has 20 people and more: all later histograms of this field have to keep to the same.'
            : 'Each bin holds its lower border, not its upper one. Make them so wide that the noise in each does not matter.'}
        </p>
        <div className={styles.three}>
          {number('binsFrom', 'First border')}
          {number('binsTo', 'Last border')}
          {number('binsStep', 'Width of a bin')}
        </div>
      </div>
    )
  }
  if (draft.measure !== 'crossTable') return null
  return (
    <div className={styles.details}>
      <div className={styles.three}>
        {side('rows', 'Rows')}
        {side('columns', 'Columns')}
      </div>
    </div>
  )
}
