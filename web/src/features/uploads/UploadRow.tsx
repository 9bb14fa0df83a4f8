import { Button, Progress } from '@mantine/core'
import type { JSX } from 'react'
import { countOf } from '../../ui/format/countOf.ts'
import { formatBytes } from '../../ui/format/formatBytes.ts'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { TextLink } from '../../ui/TextLink.tsx'
import styles from './UploadRow.module.css'
import type { UploadEntry, UploadStep } from './uploadStore.ts'

/** One file on its way: how far it is, and how it ended. */
export function UploadRow({
  entry: { id, file, state },
  onRetry,
}: {
  readonly entry: UploadEntry
  readonly onRetry: (id: string) => void
}): JSX.Element {
  return (
    <li className={styles.row} data-upload={state.step}>
      <div className={styles.head}>
        <span className={styles.name}>{file.name}</span>
        <Pill state={state} />
      </div>
      <p className={styles.note}>
        <Note state={state} sizeBytes={file.size} />
      </p>
      {(state.step === 'sending' || state.step === 'reading') && (
        <Progress
          value={state.step === 'sending' ? (100 * state.sentBytes) / Math.max(1, file.size) : 100}
          animated={state.step === 'reading'}
          aria-label={`Upload of ${file.name}`}
        />
      )}
      {state.step === 'refused' && (
        <>
          <ProblemNotice problem={state.problem} />
          {state.canRetry && (
            <Button variant="default" size="compact-md" onClick={() => onRetry(id)}>
              Try this file again
            </Button>
          )}
        </>
      )}
    </li>
  )
}

function Pill({ state }: { readonly state: UploadStep }): JSX.Element {
  if (state.step === 'kept') return <StatusPill tone="good">{state.upload.created ? 'Kept' : 'Brought up to date'}</StatusPill>
  if (state.step === 'refused') return <StatusPill tone="bad">Not kept</StatusPill>
  if (state.step === 'waiting') return <StatusPill tone="rest">Waiting</StatusPill>
  return <StatusPill tone="waiting">{state.step === 'sending' ? 'Sending' : 'Being checked'}</StatusPill>
}

function Note({ state, sizeBytes }: { readonly state: UploadStep; readonly sizeBytes: number }): JSX.Element {
  if (state.step === 'sending') {
    return (
      <>
        {formatBytes(state.sentBytes)} of {formatBytes(sizeBytes)} sent
      </>
    )
  }
  if (state.step === 'reading') return <>{countOf(state.resources, 'resource')} checked so far</>
  if (state.step === 'kept') {
    const { resources, uncategorised, categories } = state.upload
    return (
      <>
        {countOf(resources, 'resource')} in {countOf(categories.filter(({ count }) => count > 0).length, 'category', 'categories')}
        {uncategorised > 0 && `, ${uncategorised} in none and never released`}. <TextLink to="/hospital/records">See the record</TextLink>
      </>
    )
  }
  return <>{formatBytes(sizeBytes)}</>
}
