import { Checkbox } from '@mantine/core'
import { COHORT_FIELDS, type CohortField } from '@medsync/protocol'
import type { JSX } from 'react'
import { COHORT_WORDS } from './questionWords.ts'
import styles from './StatisticsForm.module.css'

/** Whom a question is about, by one field. */
export function BinPicker({
  name,
  chosen,
  onChange,
}: {
  readonly name: CohortField
  readonly chosen: readonly number[]
  readonly onChange: (bins: number[]) => void
}): JSX.Element {
  return (
    <Checkbox.Group label={COHORT_WORDS[name]} value={chosen.map(String)} onChange={(values) => onChange(values.map(Number))} mb="md">
      <div className={styles.bins}>
        {COHORT_FIELDS[name].map((label, bin) => (
          <Checkbox key={label} value={String(bin)} label={label} />
        ))}
      </div>
    </Checkbox.Group>
  )
}
