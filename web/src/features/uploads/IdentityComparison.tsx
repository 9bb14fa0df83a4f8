import { Button } from '@mantine/core'
import type { IdentityDifference, IdentityField } from '@medsync/protocol'
import { useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import { ListSkeleton } from '../../ui/ListSkeleton.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { TextLink } from '../../ui/TextLink.tsx'
import { inSentence } from '../consents/termsInWords.ts'
import { identityFieldLabels } from '../hospitalRecords/recordLabels.ts'
import { recordQuery } from '../hospitalRecords/useHospitalRecords.ts'
import { problemOf } from '../problem/problemOf.ts'
import styles from './IdentityComparison.module.css'
import { patientOfFile } from './patientOfFile.ts'

export type IdentityComparisonProps = {
  readonly file: File
  readonly identity: IdentityDifference
  /** It is the same person. */
  readonly onConfirm: () => void
  /** It is somebody else. */
  readonly onDecline: () => void
}

/** The patient of a record and the Patient of a file side by side, for staff to say whether they are one person. The file is read in this browser. */
export function IdentityComparison({
  file,
  identity: { record, version, differs },
  onConfirm,
  onDecline,
}: IdentityComparisonProps): JSX.Element {
  const stored = useQuery({ ...recordQuery(record), staleTime: 0 })
  const uploaded = useQuery({
    queryKey: ['mine', 'file-patient', file.name, file.size, file.lastModified],
    queryFn: async () => (await patientOfFile(file)) ?? null,
    gcTime: 0,
  })
  if (stored.isPending || uploaded.isPending) return <ListSkeleton what="both patients" heightPx={140} rows={1} />
  const isDamaged = stored.isError && problemOf(stored.error).code === 'record/damaged'
  if (stored.isError && !isDamaged) return <ProblemNotice problem={problemOf(stored.error)} onRetry={() => void stored.refetch()} />
  const unread = isDamaged ? 'cannot be opened' : ''
  const inRecord = stored.data ?? { name: unread, birthDate: unread, linkedAtS: null, version }
  const inFile = uploaded.data ?? { name: '', birthDate: '', identifiers: [] }
  const hasChanged = inRecord.version !== version
  const row = (field: IdentityField, label: string, left: string, right: string): JSX.Element => (
    <tr data-differs={differs.includes(field)}>
      <th scope="row">{label}</th>
      <td data-column="In the record">{left === '' ? 'not given' : left}</td>
      <td data-column="In the file">{right === '' ? 'not given' : right}</td>
    </tr>
  )
  return (
    <Notice
      kind="warning"
      title={`Not stored yet: the record has another ${inSentence(differs.map((field) => identityFieldLabels[field]))}`}
    >
      <p className={styles.note}>
        An identifier in the file belongs to a record of your hospital, but not all details agree. Compare both before you decide.
      </p>
      <table className={styles.table}>
        <thead>
          <tr>
            <td />
            <th scope="col">In the record</th>
            <th scope="col">In the file</th>
          </tr>
        </thead>
        <tbody>
          {row('name', 'Name', inRecord.name, inFile.name)}
          {row('birthDate', 'Birth date', inRecord.birthDate, inFile.birthDate)}
          {row(
            'identifier',
            'Identifiers',
            differs.includes('identifier') ? 'another number, or no system' : 'at least one is the same',
            inFile.identifiers.join(', '),
          )}
        </tbody>
      </table>
      {uploaded.data === null && (
        <p className={styles.note}>This browser could not read the Patient in the file; open the file to compare.</p>
      )}
      {inRecord.linkedAtS !== null && (
        <p className={styles.note}>
          <strong>A patient’s account is linked to this record.</strong> If you store the file, that account and its consents apply to what
          is in it.
        </p>
      )}
      {isDamaged && (
        <p className={styles.note}>
          The stored record cannot be opened, so there is nothing to compare. An account that is linked to it stays linked.
        </p>
      )}
      {hasChanged && <p className={styles.note}>The record has been changed since; this comparison is no longer current.</p>}
      <div className={styles.actions}>
        <Button variant="default" onClick={onDecline}>
          Different person
        </Button>
        <Button onClick={onConfirm} disabled={hasChanged}>
          Same person, store it
        </Button>
      </div>
      <p className={styles.note}>
        Storing it makes a new version; what is there now can be restored. Your account is written down as the one that confirmed.{' '}
        <TextLink to={`/hospital/records/${record}`}>See the record’s versions</TextLink>
      </p>
    </Notice>
  )
}
