import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import type { JSX } from 'react'
import { FIELDS } from '../statistics/fields.ts'
import { type CriterionDraft, codesIn, hasWindow } from './criteriaDraft.ts'
import { CONDITIONS, MEDICATIONS, nameOfCode, SYSTEMS, systemsFor } from './knownCodes.ts'
import styles from './Trials.module.css'

/** The kinds of criteria on screen. */
export const KIND_WORDS: Readonly<Record<CriterionDraft['kind'], string>> = {
  age: 'Age',
  sex: 'Sex',
  condition: 'Condition',
  observation: 'Observation',
  medication: 'Medication',
}

export type CriterionRowProps = {
  readonly draft: CriterionDraft
  readonly place: number
  readonly problem: string | undefined
  readonly onChange: (change: Partial<CriterionDraft>) => void
  readonly onRemove: () => void
}

/** One criterion of the form. */
export function CriterionRow({ draft, place, problem, onChange, onRemove }: CriterionRowProps): JSX.Element {
  return (
    <fieldset className={styles.criterion} data-criterion={draft.kind}>
      <legend>
        {place}. {KIND_WORDS[draft.kind]}
      </legend>
      <Asked draft={draft} onChange={onChange} />
      {hasWindow(draft.kind) && <WindowFields draft={draft} onChange={onChange} />}
      <div className={styles.foot}>
        <Checkbox
          label="Leave out who has this"
          checked={draft.isExcluded}
          onChange={(event) => onChange({ isExcluded: event.currentTarget.checked })}
        />
        <Button size="compact-md" variant="default" onClick={onRemove} aria-label={`Remove criterion ${place}`}>
          Remove
        </Button>
      </div>
      {problem !== undefined && (
        <p className={styles.error} role="alert">
          {problem}
        </p>
      )}
    </fieldset>
  )
}

type FieldsProps = Pick<CriterionRowProps, 'draft' | 'onChange'>

function Asked({ draft, onChange }: FieldsProps): JSX.Element {
  switch (draft.kind) {
    case 'age':
      return (
        <div className={styles.grid}>
          <Bounds draft={draft} onChange={onChange} unit="years" />
        </div>
      )
    case 'sex':
      return (
        <NativeSelect
          label="Sex"
          value={draft.sex}
          onChange={(event) => onChange({ sex: event.currentTarget.value === 'male' ? 'male' : 'female' })}
          data={[
            { value: 'female', label: 'female' },
            { value: 'male', label: 'male' },
          ]}
        />
      )
    case 'observation':
      return <ObservationFields draft={draft} onChange={onChange} />
    default:
      return <CodeFields draft={draft} kind={draft.kind} onChange={onChange} />
  }
}

function Bounds({ draft, onChange, unit }: FieldsProps & { readonly unit: string }): JSX.Element {
  return (
    <>
      <TextInput
        label={`From, ${unit}`}
        inputMode="decimal"
        value={draft.min}
        onChange={(event) => onChange({ min: event.currentTarget.value })}
      />
      <TextInput
        label={`To, ${unit}`}
        inputMode="decimal"
        value={draft.max}
        onChange={(event) => onChange({ max: event.currentTarget.value })}
      />
    </>
  )
}

function ObservationFields({ draft, onChange }: FieldsProps): JSX.Element {
  const known = FIELDS.find(({ loinc, unit }) => loinc === draft.loinc && unit === draft.unit)
  return (
    <div className={styles.grid}>
      <NativeSelect
        label="Observation"
        value={known?.loinc ?? ''}
        onChange={(event) => {
          const chosen = FIELDS.find(({ loinc }) => loinc === event.currentTarget.value)
          onChange(chosen === undefined ? { loinc: '', unit: '' } : { loinc: chosen.loinc, unit: chosen.unit })
        }}
        data={[...FIELDS.map(({ loinc, name }) => ({ value: loinc, label: name })), { value: '', label: 'Another one, by LOINC code' }]}
      />
      {known === undefined && (
        <>
          <TextInput label="LOINC code" value={draft.loinc} onChange={(event) => onChange({ loinc: event.currentTarget.value })} />
          <TextInput label="Unit (UCUM)" value={draft.unit} onChange={(event) => onChange({ unit: event.currentTarget.value })} />
        </>
      )}
      <Bounds draft={draft} onChange={onChange} unit={known?.unitWords ?? (draft.unit || 'in that unit')} />
    </div>
  )
}

function CodeFields({ draft, kind, onChange }: FieldsProps & { readonly kind: 'condition' | 'medication' }): JSX.Element {
  const known = kind === 'condition' ? CONDITIONS : MEDICATIONS
  const usual = systemsFor(kind)[0]
  const codes = codesIn(draft.codes)
  return (
    <div className={styles.grid}>
      <NativeSelect
        label="Add a usual one"
        value=""
        onChange={({ currentTarget: { value } }) => {
          if (value !== '' && usual !== undefined)
            onChange({ system: usual, codes: [...(draft.system === usual ? codes : []), value].join(', ') })
        }}
        data={[
          { value: '', label: 'Choose…' },
          ...known.filter(({ code }) => !codes.includes(code)).map(({ code, name }) => ({ value: code, label: name })),
        ]}
      />
      <NativeSelect
        label="Code system"
        value={draft.system}
        onChange={(event) => onChange({ system: systemsFor(kind).find((key) => key === event.currentTarget.value) ?? draft.system })}
        data={systemsFor(kind).map((key) => ({ value: key, label: SYSTEMS[key].name }))}
      />
      <TextInput
        label="Codes"
        description="Any of them will do"
        value={draft.codes}
        onChange={(event) => onChange({ codes: event.currentTarget.value })}
      />
      {codes.some((code) => nameOfCode(code) !== undefined) && (
        <p className={styles.names}>{codes.map((code) => nameOfCode(code) ?? code).join(' or ')}</p>
      )}
    </div>
  )
}

function WindowFields({ draft, onChange }: FieldsProps): JSX.Element {
  return (
    <div className={styles.window}>
      <TextInput
        label="In the last"
        description={draft.kind === 'observation' ? 'Empty: any time' : 'Empty: now'}
        inputMode="numeric"
        value={draft.within}
        onChange={(event) => onChange({ within: event.currentTarget.value })}
      />
      <NativeSelect
        label="Unit of time"
        value={draft.withinUnit}
        onChange={({ currentTarget: { value } }) =>
          onChange({ withinUnit: value === 'mo' || value === 'wk' || value === 'd' ? value : 'a' })
        }
        data={[
          { value: 'a', label: 'years' },
          { value: 'mo', label: 'months' },
          { value: 'wk', label: 'weeks' },
          { value: 'd', label: 'days' },
        ]}
      />
    </div>
  )
}
