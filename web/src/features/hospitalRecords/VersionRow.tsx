import { Button, NativeSelect } from '@mantine/core'
import { type RecordVersion, type RestoreReason, restoredSchema, restoreReasonSchema } from '@medsync/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { Moment } from '../../ui/Moment.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { ShortId } from '../../ui/ShortId.tsx'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { categoryWords, inSentence } from '../consents/termsInWords.ts'
import { problemOf } from '../problem/problemOf.ts'
import { callGateway } from '../session/callGateway.ts'
import { useSession } from '../session/useSession.ts'
import { identityFieldLabels, restoreReasonLabels } from './recordLabels.ts'
import styles from './VersionRow.module.css'

export type VersionRowProps = {
  readonly record: string
  readonly version: RecordVersion
  /** Undefined while it is not known; then nothing can be restored. */
  readonly currentVersion: number | undefined
}

/** One version of a record: who stored it, what it holds, and the way back to it. */
export function VersionRow({ record, version: shown, currentVersion }: VersionRowProps): JSX.Element {
  const { version, name, birthDate, resources, categories, isCurrent, isKept } = shown
  const queries = useQueryClient()
  const [isAsking, setIsAsking] = useState(false)
  const [reason, setReason] = useState<RestoreReason>('wrong-patient')
  const restore = useMutation({
    mutationFn: () =>
      callGateway({
        path: `/hospital/records/${encodeURIComponent(record)}/versions/${version}/restore`,
        answer: restoredSchema,
        method: 'POST',
        body: { reason, currentVersion },
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['mine', 'hospital-records'] }),
  })
  const counts = categories.filter(({ count }) => count > 0).map(({ category, count }) => `${categoryWords(category)} ${count}`)
  return (
    <li className={styles.row} data-version={version}>
      <div className={styles.words}>
        <p className={styles.name}>
          Version {version}
          {name === '' ? '' : `: ${name}`}
          {birthDate !== '' && (
            <>
              , born <span className={styles.date}>{birthDate}</span>
            </>
          )}
        </p>
        <p className={styles.note}>
          <How version={shown} />
        </p>
        <p className={styles.note}>
          {countOf(resources, 'resource')}
          {counts.length > 0 && `: ${counts.join(', ')}`}
        </p>
      </div>
      {isCurrent ? (
        <StatusPill tone="good">Current</StatusPill>
      ) : isKept ? (
        <Button
          variant="default"
          size="compact-md"
          loading={restore.isPending}
          disabled={currentVersion === undefined}
          onClick={() => setIsAsking(true)}
          aria-label={`Restore version ${version}`}
        >
          Restore
        </Button>
      ) : (
        <StatusPill tone="rest">Content removed</StatusPill>
      )}
      {restore.isError && (
        <div className={styles.wide}>
          <ProblemNotice problem={problemOf(restore.error)} />
        </div>
      )}
      <ConfirmDialog
        opened={isAsking}
        title={`Restore version ${version}?`}
        confirm="Restore it"
        onCancel={() => setIsAsking(false)}
        onConfirm={() => {
          setIsAsking(false)
          restore.mutate()
        }}
      >
        <p className={styles.dialog}>
          The record gets a new version with the content of version {version}
          {name === '' ? '' : ` (${name})`}. The current one stays in the list. Cases are scored again, and from now on requests are
          answered from it. Data made from the current version is no longer delivered if it is another patient’s; what a researcher has
          fetched is not called back.
        </p>
        <NativeSelect
          label="Why is the current version wrong?"
          value={reason}
          onChange={(event) => setReason(restoreReasonSchema.parse(event.currentTarget.value))}
          data={restoreReasonSchema.options.map((value) => ({ value, label: restoreReasonLabels[value] }))}
        />
      </ConfirmDialog>
    </li>
  )
}

function How({ version: { how, by, madeAtS, fromVersion, reason, confirmed } }: { readonly version: RecordVersion }): JSX.Element {
  const { account } = useSession()
  return (
    <>
      {how === 'restore' ? `Restored from version ${fromVersion}` : 'Uploaded'} <Moment timeS={madeAtS} /> by{' '}
      {by === account ? 'you' : <ShortId id={by} kind="the account" />}
      {reason !== null && `, because: ${restoreReasonLabels[reason].toLowerCase()}`}
      {confirmed.length > 0 &&
        `, who confirmed that it is the same person although the ${inSentence(confirmed.map((field) => identityFieldLabels[field]))} differed`}
      .
    </>
  )
}
