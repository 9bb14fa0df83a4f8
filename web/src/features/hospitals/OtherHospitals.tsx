import { Button } from '@mantine/core'
import type { PatientHospital } from '@medsync/protocol'
import { useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import { Panel } from '../../ui/layout/Panel.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { useOrganisationName } from '../network/useNetwork.ts'
import { problemOf } from '../problem/problemOf.ts'
import styles from './OtherHospitals.module.css'
import { otherHospitalsQuery, useConfirmHospital } from './useOtherHospitals.ts'

/** Hospitals elsewhere that say they hold a record of this patient, for the patient to confirm; nothing when there are none. */
export function OtherHospitals(): JSX.Element | null {
  const hospitals = useQuery(otherHospitalsQuery)
  if (hospitals.isError) return <ProblemNotice problem={problemOf(hospitals.error)} onRetry={() => void hospitals.refetch()} />
  if (hospitals.data === undefined || hospitals.data.length === 0) return null
  return (
    <Panel
      title="Other hospitals"
      note="They say that they hold a record of yours. Confirm those where you were a patient: only then do they get your consents that name no hospital."
    >
      <ul className={styles.rows}>
        {hospitals.data.map((each) => (
          <Row key={each.hospital} row={each} />
        ))}
      </ul>
    </Panel>
  )
}

function Row({ row: { hospital, isConfirmed } }: { readonly row: PatientHospital }): JSX.Element {
  const nameOf = useOrganisationName()
  const confirm = useConfirmHospital()
  const name = nameOf(hospital)
  return (
    <li className={styles.row}>
      <p className={styles.name}>{name}</p>
      <StatusPill tone={isConfirmed ? 'good' : 'waiting'}>{isConfirmed ? 'Confirmed' : 'Not confirmed'}</StatusPill>
      <Button
        className={styles.action ?? ''}
        variant="default"
        loading={confirm.isPending}
        onClick={() => confirm.mutate({ hospital, isConfirmed: !isConfirmed })}
      >
        {isConfirmed ? `Send ${name} no more consents` : `I was a patient of ${name}`}
      </Button>
      {confirm.isError && <ProblemNotice problem={problemOf(confirm.error)} />}
    </li>
  )
}
