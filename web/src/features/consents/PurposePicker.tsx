import { Checkbox } from '@mantine/core'
import { PURPOSES, type Purpose } from '@medsync/protocol'
import type { JSX } from 'react'
import styles from './ConsentForm.module.css'
import { descendantsOf, purposeWords } from './purposeWords.ts'

export type PurposePickerProps = {
  readonly value: readonly string[]
  readonly error: string | undefined
  readonly onChange: (codes: readonly string[]) => void
}

/** What for: the standard's tree of purposes in plain words. Choosing one includes what stands below it. */
export function PurposePicker({ value, error, onChange }: PurposePickerProps): JSX.Element {
  const roots = PURPOSES.filter(({ parent }) => parent === undefined)
  const [research, others] = [roots.filter(({ code }) => code === 'HRESCH'), roots.filter(({ code }) => code !== 'HRESCH')]
  const isOtherChosen = value.some((code) => code !== 'HRESCH' && !descendantsOf('HRESCH').some((purpose) => purpose.code === code))
  return (
    <>
      <Tree purposes={research} value={value} isIncluded={false} onChange={onChange} />
      <details className={styles.more} open={isOtherChosen || undefined}>
        <summary>Purposes other than research</summary>
        <Tree purposes={others} value={value} isIncluded={false} onChange={onChange} />
      </details>
      {error !== undefined && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
    </>
  )
}

type TreeProps = {
  readonly purposes: readonly Purpose[]
  readonly value: readonly string[]
  /** A purpose above was chosen and includes these. */
  readonly isIncluded: boolean
  readonly onChange: (codes: readonly string[]) => void
}

function Tree({ purposes, value, isIncluded, onChange }: TreeProps): JSX.Element {
  return (
    <ul className={styles.tree}>
      {purposes.map((purpose) => {
        const isChosen = value.includes(purpose.code)
        const children = PURPOSES.filter(({ parent }) => parent === purpose.code)
        const below = new Set(descendantsOf(purpose.code).map(({ code }) => code))
        return (
          <li key={purpose.code}>
            <Checkbox
              checked={isChosen || isIncluded}
              disabled={isIncluded}
              label={
                <>
                  {purposeWords(purpose.code)} <span className={styles.code}>{purpose.code}</span>
                </>
              }
              description={isIncluded ? 'included' : undefined}
              onChange={(event) =>
                onChange(
                  event.currentTarget.checked
                    ? [...value.filter((code) => !below.has(code)), purpose.code]
                    : value.filter((code) => code !== purpose.code),
                )
              }
            />
            {children.length > 0 && <Tree purposes={children} value={value} isIncluded={isChosen || isIncluded} onChange={onChange} />}
          </li>
        )
      })}
    </ul>
  )
}
