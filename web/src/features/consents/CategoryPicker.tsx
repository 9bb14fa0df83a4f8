import { Button, Checkbox } from '@mantine/core'
import { CATEGORIES, CATEGORY_KEYS, type CategoryKey } from '@medsync/protocol'
import type { JSX } from 'react'
import { countOf } from '../../ui/format/countOf.ts'
import styles from './ConsentForm.module.css'
import { RESEARCH_CATEGORIES } from './consentDraft.ts'

export type CategoryPickerProps = {
  readonly value: readonly CategoryKey[]
  readonly error?: string | undefined
  /** How many entries the linked records hold, when that is known. */
  readonly counts?: ReadonlyMap<CategoryKey, number> | undefined
  /** Only these are offered. */
  readonly offered?: readonly CategoryKey[]
  readonly onChange: (keys: readonly CategoryKey[]) => void
}

/** Which data: one card a category, with what it means and how much of it there is. */
export function CategoryPicker({ value, error, counts, offered = CATEGORY_KEYS, onChange }: CategoryPickerProps): JSX.Element {
  const usual = RESEARCH_CATEGORIES.filter((key) => offered.includes(key))
  return (
    <>
      <div className={styles.row}>
        <Button size="compact-sm" variant="default" onClick={() => onChange(usual)}>
          Usual for research
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => onChange(offered)}>
          All
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => onChange([])}>
          None
        </Button>
      </div>
      <Checkbox.Group
        aria-label="Which data"
        value={[...value]}
        onChange={(keys) => onChange(CATEGORY_KEYS.filter((key) => keys.includes(key)))}
      >
        <div className={styles.options}>
          {CATEGORIES.filter(({ key }) => offered.includes(key)).map(({ key, display, example }) => (
            <Checkbox.Card key={key} value={key} className={styles.option ?? ''}>
              <Checkbox.Indicator />
              <span>
                <span className={styles.optionName}>{display}</span>
                <span className={styles.optionNote}>
                  {example}
                  {counts !== undefined && ` · ${countOf(counts.get(key) ?? 0, 'entry', 'entries')}`}
                </span>
              </span>
            </Checkbox.Card>
          ))}
        </div>
      </Checkbox.Group>
      {error !== undefined && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
    </>
  )
}
