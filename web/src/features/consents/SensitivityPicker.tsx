import { Checkbox } from '@mantine/core'
import { SENSITIVITIES, SENSITIVITY_KEYS, type SensitivityKey } from '@medsync/protocol'
import type { JSX } from 'react'
import styles from './ConsentForm.module.css'

/** Sensitive kinds of data; each is off until it is chosen, whatever the categories say. */
export function SensitivityPicker({
  value,
  onChange,
}: {
  readonly value: readonly SensitivityKey[]
  readonly onChange: (keys: readonly SensitivityKey[]) => void
}): JSX.Element {
  return (
    <Checkbox.Group
      aria-label="Sensitive data to include"
      value={[...value]}
      onChange={(keys) => onChange(SENSITIVITY_KEYS.filter((key) => keys.includes(key)))}
    >
      <div className={styles.options}>
        {SENSITIVITIES.map(({ key, display, example }) => (
          <Checkbox.Card key={key} value={key} className={styles.option ?? ''}>
            <Checkbox.Indicator />
            <span>
              <span className={styles.optionName}>{display}</span>
              <span className={styles.optionNote}>{example}</span>
            </span>
          </Checkbox.Card>
        ))}
      </div>
    </Checkbox.Group>
  )
}
