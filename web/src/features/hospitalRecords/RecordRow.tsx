import { Button, VisuallyHidden } from '@mantine/core'
import { enrolmentCodeSchema } from '@medsync/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import * as z from 'zod'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { Moment } from '../../ui/Moment.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { TextLink } from '../../ui/TextLink.tsx'
import { problemOf } from '../problem/problemOf.ts'
import { callGateway } from '../session/callGateway.ts'
import { EnrolmentCodeDialog } from './EnrolmentCodeDialog.tsx'
import styles from './RecordRow.module.css'
import type { HospitalRecord } from './useHospitalRecords.ts'

/** One record of the hospital: whose it is, whether an account is linked, and the next step. */
export function RecordRow({ record }: { readonly record: HospitalRecord }): JSX.Element {
  const queries = useQueryClient()
  const reload = (): Promise<void> => queries.invalidateQueries({ queryKey: ['mine', 'hospital-records'] })
  const [isEnding, setIsEnding] = useState(false)
  const code = useMutation({
    mutationFn: () =>
      callGateway({ path: `/hospital/records/${record.record}/enrolment-codes`, answer: enrolmentCodeSchema, method: 'POST' }),
    onError: () => void reload(),
  })
  const unlink = useMutation({
    mutationFn: () => callGateway({ path: `/hospital/records/${record.record}/link`, answer: z.unknown(), method: 'DELETE' }),
    onSettled: reload,
  })
  const isLinked = record.linkedAtS !== null
  const error = code.error ?? unlink.error
  return (
    <li className={styles.row} data-record={record.record}>
      <div className={styles.words}>
        <p className={styles.name}>{record.name}</p>
        <p className={styles.note}>
          born {record.birthDate === '' ? 'on an unknown day' : record.birthDate}, {countOf(record.resources, 'resource')}, uploaded{' '}
          <Moment timeS={record.uploadedAtS} as="distance" />
        </p>
        <TextLink to={`/hospital/cases/new?record=${record.record}`}>
          Add a case<VisuallyHidden> of {record.name}</VisuallyHidden>
        </TextLink>
        {' · '}
        <TextLink to={`/hospital/records/${record.record}`}>
          Versions<VisuallyHidden> of {record.name}</VisuallyHidden>
        </TextLink>
      </div>
      {isLinked ? <StatusPill tone="good">Linked</StatusPill> : <StatusPill tone="rest">Not linked</StatusPill>}
      {isLinked ? (
        <Button
          variant="default"
          size="compact-md"
          loading={unlink.isPending}
          onClick={() => setIsEnding(true)}
          aria-label={`End the link of ${record.name}`}
        >
          End the link
        </Button>
      ) : (
        <Button size="compact-md" loading={code.isPending} onClick={() => code.mutate()} aria-label={`Give a code to ${record.name}`}>
          Give a code
        </Button>
      )}
      {error !== null && (
        <div className={styles.wide}>
          <ProblemNotice problem={problemOf(error)} />
        </div>
      )}
      {code.data !== undefined && <EnrolmentCodeDialog name={record.name} issued={code.data} onClose={() => code.reset()} />}
      <ConfirmDialog
        opened={isEnding}
        danger
        title={`End the link of ${record.name}?`}
        confirm="End the link"
        onCancel={() => setIsEnding(false)}
        onConfirm={() => {
          setIsEnding(false)
          unlink.mutate()
        }}
      >
        The account that is linked now loses this record at once, and no request for it is answered. Do this when the code went to the wrong
        person. The record itself stays; you can give a new code.
      </ConfirmDialog>
    </li>
  )
}
