import { Radio } from '@mantine/core'
import type { AsOf } from '@medsync/protocol'
import type { JSX } from 'react'
import styles from './StatisticsForm.module.css'

const CHOICES = [
  { value: 'last', name: 'As at the last answer', note: 'The same people as before; the first answer about a field is of today' },
  {
    value: 'now',
    name: 'As of now',
    note: 'Withheld unless 20 people or more came since, in every group: the difference would tell of them',
  },
] as const satisfies readonly { value: AsOf; name: string; note: string }[]

/** Of which time a question is: who comes between two answers must not stand out. */
export function AsOfChoice({ value, onChange }: { readonly value: AsOf; readonly onChange: (asOf: AsOf) => void }): JSX.Element {
  return (
    <Radio.Group aria-label="Of which time" value={value} onChange={(chosen) => onChange(chosen === 'now' ? 'now' : 'last')}>
      <div className={styles.options}>
        {CHOICES.map((choice) => (
          <Radio.Card key={choice.value} value={choice.value} className={styles.option ?? ''}>
            <Radio.Indicator />
            <span>
              <span className={styles.name}>{choice.name}</span>
              <span className={styles.note}>{choice.note}</span>
            </span>
          </Radio.Card>
        ))}
      </div>
    </Radio.Group>
  )
}
