import { Button } from '@mantine/core'
import type { SpecialistView } from '@medsync/protocol'
import { useQuery } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { useNowS } from '../../ui/useNowS.ts'
import { specialtyWords } from '../cases/caseWords.ts'
import { problemOf } from '../problem/problemOf.ts'
import styles from './Allocation.module.css'
import { hoursWords } from './placeWords.ts'
import { SpecialistDialog } from './SpecialistDialog.tsx'
import { facilitiesQuery, specialistsQuery, useAllocationDeed } from './useAllocation.ts'

/** Who takes cases, of which specialty, where and when. The other hospitals see all of it. */
export function SpecialistsPanel(): JSX.Element {
  const specialists = useQuery(specialistsQuery)
  const facilities = useQuery(facilitiesQuery)
  const [edited, setEdited] = useState<SpecialistView | 'new' | undefined>(undefined)
  const hasFacility = (facilities.data?.length ?? 0) > 0
  return (
    <Panel
      title="Specialists"
      note="Who takes cases, and when. The other hospitals see names and hours."
      aside={
        <Button variant="default" disabled={!hasFacility} onClick={() => setEdited('new')}>
          Add a specialist
        </Button>
      }
    >
      {specialists.isPending && <ListSkeleton what="the specialists" heightPx={56} rows={2} />}
      {specialists.isError && <ProblemNotice problem={problemOf(specialists.error)} onRetry={() => void specialists.refetch()} />}
      {specialists.data?.length === 0 && (
        <p className={styles.note}>
          {hasFacility ? 'None yet. Cases get places only with somebody who takes them.' : 'Add a facility first.'}
        </p>
      )}
      <ul className={styles.rows} aria-label="Specialists">
        {specialists.data?.map((specialist) => (
          <SpecialistRow
            key={specialist.specialist}
            specialist={specialist}
            where={facilities.data?.find(({ facility }) => facility === specialist.facility)?.name}
            onEdit={() => setEdited(specialist)}
          />
        ))}
      </ul>
      {edited !== undefined && (
        <SpecialistDialog
          specialist={edited === 'new' ? undefined : edited}
          facilities={facilities.data ?? []}
          onClose={() => setEdited(undefined)}
        />
      )}
    </Panel>
  )
}

function SpecialistRow({
  specialist: { specialist, name, specialty, hours },
  where,
  onEdit,
}: {
  readonly specialist: SpecialistView
  readonly where: string | undefined
  readonly onEdit: () => void
}): JSX.Element {
  const nowS = useNowS()
  const deed = useAllocationDeed()
  const [isRemoving, setIsRemoving] = useState(false)
  const ahead = hours.filter(({ toS }) => toS > nowS)
  const [next] = ahead
  return (
    <li className={styles.row} data-specialist={specialist}>
      <div>
        <p className={styles.title}>{name}</p>
        <p className={styles.note}>
          {specialtyWords(specialty)}
          {where !== undefined && `, ${where}`}.{' '}
          {next === undefined
            ? 'No hours ahead.'
            : `Next ${hoursWords(next.fromS, next.toS)}, ${countOf(next.capacity, 'case')}${ahead.length > 1 ? `; ${ahead.length - 1} more` : ''}.`}
        </p>
      </div>
      <Button size="compact-md" variant="default" onClick={onEdit} aria-label={`Change ${name}`}>
        Change
      </Button>
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
        confirm="Remove"
        onCancel={() => setIsRemoving(false)}
        onConfirm={() => {
          setIsRemoving(false)
          deed.mutate({ path: `/hospital/specialists/${specialist}`, method: 'DELETE' })
        }}
      >
        Their hours are taken from all hospitals’ cases, and places are given anew.
      </ConfirmDialog>
    </li>
  )
}
