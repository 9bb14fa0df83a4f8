import { Button, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { type FacilityView, SPECIALTIES, type SpecialistView } from '@medsync/protocol'
import { type FormEvent, type JSX, useState } from 'react'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { specialtyWords } from '../cases/caseWords.ts'
import { problemOf } from '../problem/problemOf.ts'
import styles from './Allocation.module.css'
import {
  draftOf,
  type HoursDraft,
  newSpecialistDraft,
  nextHours,
  problemOfSpecialist,
  type SpecialistDraft,
  specialistBodyOf,
} from './specialistDraft.ts'
import { useAllocationDeed } from './useAllocation.ts'

export type SpecialistDialogProps = {
  /** Undefined for a new one. */
  readonly specialist: SpecialistView | undefined
  readonly facilities: readonly FacilityView[]
  readonly onClose: () => void
}

/** Adds a specialist or changes one: name, specialty, where, and from when to when for how many cases. */
export function SpecialistDialog({ specialist, facilities, onClose }: SpecialistDialogProps): JSX.Element {
  const deed = useAllocationDeed()
  const [draft, setDraft] = useState<SpecialistDraft>(() =>
    specialist === undefined ? newSpecialistDraft(facilities[0]?.facility ?? '', Date.now()) : draftOf(specialist),
  )
  const [isTried, setIsTried] = useState(false)
  const problem = problemOfSpecialist(draft)
  const put = (change: Partial<SpecialistDraft>): void => setDraft((before) => ({ ...before, ...change }))
  const putHours = (id: number, change: Partial<HoursDraft>): void =>
    put({ hours: draft.hours.map((row) => (row.id === id ? { ...row, ...change } : row)) })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setIsTried(true)
    if (problem !== undefined || deed.isPending) return
    const to = specialist === undefined ? '/hospital/specialists' : `/hospital/specialists/${specialist.specialist}`
    deed.mutate({ path: to, method: specialist === undefined ? 'POST' : 'PUT', body: specialistBodyOf(draft) }, { onSuccess: onClose })
  }
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={<Text fw={650}>{specialist === undefined ? 'Add a specialist' : `Change ${specialist.name}`}</Text>}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form noValidate onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            description="A person or a team"
            value={draft.name}
            maxLength={100}
            onChange={(event) => put({ name: event.currentTarget.value })}
          />
          <div className={styles.grid}>
            <NativeSelect
              label="Specialty"
              value={draft.specialty}
              onChange={(event) => put({ specialty: event.currentTarget.value })}
              data={[...new Set([...SPECIALTIES, draft.specialty])].map((specialty) => ({
                value: specialty,
                label: specialtyWords(specialty),
              }))}
            />
            <NativeSelect
              label="Facility"
              value={draft.facility}
              onChange={(event) => put({ facility: event.currentTarget.value })}
              data={facilities.map(({ facility, name }) => ({ value: facility, label: name }))}
            />
          </div>
          {draft.hours.map((row, index) => (
            <fieldset key={row.id} className={styles.hours}>
              <legend>Hours {index + 1}</legend>
              <TextInput
                type="datetime-local"
                label="From"
                value={row.from}
                onChange={(event) => putHours(row.id, { from: event.currentTarget.value })}
              />
              <TextInput
                type="datetime-local"
                label="To"
                value={row.to}
                onChange={(event) => putHours(row.id, { to: event.currentTarget.value })}
              />
              <TextInput
                label="Cases"
                inputMode="numeric"
                value={row.capacity}
                onChange={(event) => putHours(row.id, { capacity: event.currentTarget.value })}
              />
              <Button
                size="compact-md"
                variant="default"
                onClick={() => put({ hours: draft.hours.filter(({ id }) => id !== row.id) })}
                aria-label={`Remove hours ${index + 1}`}
              >
                Remove
              </Button>
            </fieldset>
          ))}
          <div>
            <Button variant="default" onClick={() => put({ hours: [...draft.hours, nextHours(draft.hours, Date.now())] })}>
              Add hours
            </Button>
          </div>
          {isTried && problem !== undefined && (
            <p className={styles.error} role="alert">
              {problem}
            </p>
          )}
          {deed.isError && <ProblemNotice problem={problemOf(deed.error)} />}
          <div className={styles.end}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={deed.isPending}>
              Keep it
            </Button>
          </div>
        </Stack>
      </form>
    </Modal>
  )
}
