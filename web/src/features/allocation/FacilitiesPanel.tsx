import { Button, TextInput } from '@mantine/core'
import type { FacilityView } from '@medsync/protocol'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type JSX, useState } from 'react'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { problemOf } from '../problem/problemOf.ts'
import styles from './Allocation.module.css'
import { degreesOf } from './degreesOf.ts'
import { facilitiesQuery, useAllocationDeed } from './useAllocation.ts'

/** Where the hospital gives care: the other hospitals learn name and place. */
export function FacilitiesPanel(): JSX.Element {
  const facilities = useQuery(facilitiesQuery)
  return (
    <Panel title="Facilities" note="Where your hospital gives care. The other hospitals see name and place, to reckon distances.">
      {facilities.isPending && <ListSkeleton what="the facilities" heightPx={56} rows={1} />}
      {facilities.isError && <ProblemNotice problem={problemOf(facilities.error)} onRetry={() => void facilities.refetch()} />}
      <ul className={styles.rows} aria-label="Facilities">
        {facilities.data?.map((facility) => (
          <FacilityRow key={facility.facility} facility={facility} />
        ))}
      </ul>
      <FacilityForm />
    </Panel>
  )
}

function FacilityRow({ facility: { facility, name, latitude, longitude } }: { readonly facility: FacilityView }): JSX.Element {
  const deed = useAllocationDeed()
  const [isRemoving, setIsRemoving] = useState(false)
  return (
    <li className={styles.row} data-facility={facility}>
      <div>
        <p className={styles.title}>{name}</p>
        <p className={styles.note}>
          {latitude.toFixed(4)}, {longitude.toFixed(4)}
        </p>
      </div>
      <Button
        size="compact-md"
        variant="default"
        loading={deed.isPending}
        onClick={() => setIsRemoving(true)}
        aria-label={`Remove ${name}`}
      >
        Remove
      </Button>
      {deed.isError && <ProblemNotice problem={problemOf(deed.error)} />}
      <ConfirmDialog
        opened={isRemoving}
        danger
        title={`Remove ${name}?`}
        confirm="Remove it"
        onCancel={() => setIsRemoving(false)}
        onConfirm={() => {
          setIsRemoving(false)
          deed.mutate({ path: `/hospital/facilities/${facility}`, method: 'DELETE' })
        }}
      >
        No hospital is offered places there any more. It can be removed once no specialist and no case is there.
      </ConfirmDialog>
    </li>
  )
}

function FacilityForm(): JSX.Element {
  const deed = useAllocationDeed()
  const [name, setName] = useState('')
  const [place, setPlace] = useState('')
  const [isTried, setIsTried] = useState(false)
  const degrees = degreesOf(place)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setIsTried(true)
    if (name.trim() === '' || degrees === undefined || deed.isPending) return
    deed.mutate(
      { path: '/hospital/facilities', method: 'POST', body: { name: name.trim(), ...degrees } },
      {
        onSuccess: () => {
          setName('')
          setPlace('')
          setIsTried(false)
        },
      },
    )
  }
  return (
    <form noValidate onSubmit={submit} className={styles.form}>
      <div className={styles.grid}>
        <TextInput
          label="Name of the facility"
          value={name}
          maxLength={100}
          error={isTried && name.trim() === '' ? 'Give a name.' : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="Latitude, longitude"
          description="Degrees, as a map gives them: 52.5251, 13.3765"
          value={place}
          error={isTried && degrees === undefined ? 'Two numbers with a comma between them.' : undefined}
          onChange={(event) => setPlace(event.currentTarget.value)}
        />
      </div>
      <div>
        <Button type="submit" variant="default" loading={deed.isPending}>
          Add the facility
        </Button>
      </div>
      {deed.isError && <ProblemNotice problem={problemOf(deed.error)} />}
    </form>
  )
}
