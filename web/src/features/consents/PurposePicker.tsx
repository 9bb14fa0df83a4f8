import { Checkbox } from '@mantine/core'
import { PURPOSES, type Purpose } from '@medsync/protocol'
import type { JSX } from 'react'
import { countOf } from '../../ui/format/countOf.ts'
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
      <Tree purposes={research} value={value} onChange={onChange} />
      <details className={styles.more} open={isOtherChosen || undefined}>
        <summary>Purposes other than research</summary>
        <Tree purposes={others} value={value} onChange={onChange} />
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
  readonly onChange: (codes: readonly string[]) => void
}

function Tree({ purposes, value, onChange }: TreeProps): JSX.Element {
  return (
    <ul className={styles.tree}>
      {purposes.map((purpose) => {
        const isChosen = value.includes(purpose.code)
        const children = PURPOSES.filter(({ parent }) => parent === purpose.code)
        const below = descendantsOf(purpose.code)
        const choose = (isWanted: boolean): void => {
          const others = value.filter((code) => code !== purpose.code && !below.some((each) => each.code === code))
          onChange(isWanted ? [...others, purpose.code] : others)
        }
        return (
          <li key={purpose.code}>
            <Checkbox checked={isChosen} label={<Label purpose={purpose} />} onChange={(event) => choose(event.currentTarget.checked)} />
            {children.length > 0 && isChosen && <Included purposes={below} />}
            {children.length > 0 && !isChosen && <Tree purposes={children} value={value} onChange={onChange} />}
          </li>
        )
      })}
    </ul>
  )
}

/** What a chosen purpose includes: told on request, not to be chosen again. */
function Included({ purposes }: { readonly purposes: readonly Purpose[] }): JSX.Element {
  return (
    <details className={styles.included}>
      <summary>Includes {countOf(purposes.length, 'narrower purpose')}</summary>
      <ul>
        {purposes.map((purpose) => (
          <li key={purpose.code}>
            <Label purpose={purpose} />
          </li>
        ))}
      </ul>
      <p>To choose only some of them, untick the one above.</p>
    </details>
  )
}

function Label({ purpose: { code } }: { readonly purpose: Purpose }): JSX.Element {
  return (
    <>
      {purposeWords(code)} <span className={styles.code}>{code}</span>
    </>
  )
}
