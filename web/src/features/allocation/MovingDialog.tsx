import { Button, Checkbox, Modal, NativeSelect, NumberInput, Stack, Text } from '@mantine/core'
import type { BoardCase } from '@medsync/protocol'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type JSX, useState } from 'react'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { problemOf } from '../problem/problemOf.ts'
import styles from './Allocation.module.css'
import { facilitiesQuery, useAllocationDeed } from './useAllocation.ts'

/** Asks where a case is, and whether and how far its patient agreed to be moved. */
export function MovingDialog({ board, onClose }: { readonly board: BoardCase; readonly onClose: () => void }): JSX.Element {
  const facilities = useQuery(facilitiesQuery)
  const deed = useAllocationDeed()
  const [facility, setFacility] = useState(board.moving.facility ?? '')
  const [mayBeMoved, setMayBeMoved] = useState(board.moving.mayBeMoved)
  const [maxKm, setMaxKm] = useState<number | string>(board.moving.maxKm ?? '')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const body = { facility: facility === '' ? null : facility, mayBeMoved, maxKm: typeof maxKm === 'number' ? maxKm : null }
    deed.mutate({ path: `/hospital/cases/${board.case}/moving`, method: 'PUT', body }, { onSuccess: onClose })
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={650}>What the patient agreed to</Text>}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form noValidate onSubmit={submit}>
        <Stack>
          <NativeSelect
            label="Where the patient is"
            value={facility}
            onChange={(event) => setFacility(event.currentTarget.value)}
            data={[
              { value: '', label: 'The first facility' },
              ...(facilities.data ?? []).map((each) => ({ value: each.facility, label: each.name })),
            ]}
          />
          <Checkbox
            label="The patient agreed to be moved to another facility"
            checked={mayBeMoved}
            onChange={(event) => setMayBeMoved(event.currentTarget.checked)}
          />
          {mayBeMoved && (
            <NumberInput
              label="How far at most"
              description="As the crow flies; empty is any distance"
              suffix=" km"
              min={0}
              max={20_000}
              value={maxKm}
              onChange={setMaxKm}
            />
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
