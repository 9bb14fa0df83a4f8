import { Button, NativeSelect, TextInput } from '@mantine/core'
import type { CaseDetail } from '@medsync/protocol'
import { CONSCIOUSNESS } from '@medsync/protocol/urgency'
import { type FormEvent, type JSX, useState } from 'react'
import { countOf } from '../../ui/format/countOf.ts'
import { Notice } from '../../ui/Notice.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { problemOf } from '../problem/problemOf.ts'
import { CONSCIOUSNESS_WORDS, PARAMETER_WORDS } from './caseWords.ts'
import { useCaseDeed } from './useCases.ts'
import styles from './VitalsForm.module.css'
import {
  hasVitals,
  type MadeObservation,
  MEASURED,
  type MeasuredVital,
  newVitalsDraft,
  observationsOf,
  problemsOfVitals,
  type VitalsDraft,
  withdrawn,
} from './vitalsDraft.ts'

/** Adds vital signs to a case: what is left empty was not measured. What was just added can be taken back. */
export function VitalsForm({ detail }: { readonly detail: CaseDetail }): JSX.Element {
  const [draft, setDraft] = useState<VitalsDraft>(() => newVitalsDraft(Date.now()))
  const [isTried, setIsTried] = useState(false)
  const [added, setAdded] = useState<readonly MadeObservation[]>([])
  const add = useCaseDeed(detail.case, 'observations')
  const takeBack = useCaseDeed(detail.case, 'observations')
  const problems = problemsOfVitals(draft, Date.now())
  const shown = isTried ? problems : {}
  const put = (change: Partial<VitalsDraft>): void => setDraft((before) => ({ ...before, ...change }))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setIsTried(true)
    if (!hasVitals(draft) || Object.keys(problems).length > 0 || add.isPending) return
    const observations = observationsOf(draft, detail.record, () => crypto.randomUUID())
    takeBack.reset()
    add.mutate(
      { observations },
      {
        onSuccess: () => {
          setAdded(observations)
          setDraft(newVitalsDraft(Date.now()))
          setIsTried(false)
        },
      },
    )
  }
  const number = (vital: MeasuredVital): JSX.Element => (
    <TextInput
      label={PARAMETER_WORDS[vital]}
      inputMode="decimal"
      autoComplete="off"
      value={draft[vital]}
      error={shown[vital]}
      rightSection={<span className={styles.unit}>{MEASURED[vital].unitWords}</span>}
      rightSectionWidth="4.25rem"
      onChange={(event) => put({ [vital]: event.currentTarget.value })}
    />
  )
  return (
    <form noValidate onSubmit={submit} className={styles.form}>
      <div className={styles.grid}>
        {number('respiratoryRate')}
        {number('oxygenSaturation')}
        <NativeSelect
          label={PARAMETER_WORDS.oxygen}
          value={draft.oxygen}
          onChange={({ currentTarget: { value } }) => put({ oxygen: value === 'air' || value === 'oxygen' ? value : '' })}
          data={[
            { value: '', label: 'Not looked at' },
            { value: 'air', label: 'No, room air' },
            { value: 'oxygen', label: 'Yes, on oxygen' },
          ]}
        />
        {number('systolicPressure')}
        {number('pulse')}
        <NativeSelect
          label={PARAMETER_WORDS.consciousness}
          value={draft.consciousness}
          onChange={({ currentTarget: { value } }) => put({ consciousness: CONSCIOUSNESS.find((level) => level === value) ?? '' })}
          data={[
            { value: '', label: 'Not looked at' },
            ...CONSCIOUSNESS.map((level) => ({ value: level, label: CONSCIOUSNESS_WORDS[level] })),
          ]}
        />
        {number('temperature')}
        <TextInput
          type="datetime-local"
          label="Measured at"
          value={draft.takenAt}
          error={shown.takenAt}
          onChange={(event) => put({ takenAt: event.currentTarget.value })}
        />
      </div>
      <div className={styles.foot}>
        <Button type="submit" loading={add.isPending}>
          Add and score again
        </Button>
        <span className={styles.note}>What you leave empty was not measured.</span>
      </div>
      <div aria-live="polite" className={styles.answer}>
        {isTried && !hasVitals(draft) && <p className={styles.error}>Fill in at least one vital sign.</p>}
        {add.isError && <ProblemNotice problem={problemOf(add.error)} />}
        {takeBack.isError && <ProblemNotice problem={problemOf(takeBack.error)} />}
        {added.length > 0 && add.isSuccess && (
          <Notice
            kind="good"
            action={
              <Button
                size="compact-sm"
                variant="default"
                loading={takeBack.isPending}
                onClick={() => takeBack.mutate({ observations: withdrawn(added) }, { onSuccess: () => setAdded([]) })}
              >
                Undo
              </Button>
            }
          >
            Added {countOf(added.length, 'vital sign')}; the case was scored again.
          </Notice>
        )}
        {added.length === 0 && takeBack.isSuccess && <Notice>Taken back; they no longer count.</Notice>}
      </div>
    </form>
  )
}
