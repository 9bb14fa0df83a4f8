import { Button, Progress } from '@mantine/core'
import type { Upload, WithheldReason } from '@medsync/protocol'
import type { JSX } from 'react'
import { countOf } from '../../ui/format/countOf.ts'
import { formatBytes } from '../../ui/format/formatBytes.ts'
import { Notice } from '../../ui/Notice.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { StatusPill } from '../../ui/StatusPill.tsx'
import { TextLink } from '../../ui/TextLink.tsx'
import { listWords } from '../consents/termsInWords.ts'
import { IdentityComparison } from './IdentityComparison.tsx'
import styles from './UploadRow.module.css'
import type { UploadEntry, UploadStep } from './uploadStore.ts'

/** One file on its way: how far it is, and how it ended. */
export function UploadRow({
  entry: { id, file, state },
  onRetry,
  onConfirm,
  onDecline,
}: {
  readonly entry: UploadEntry
  readonly onRetry: (id: string) => void
  readonly onConfirm: (id: string) => void
  readonly onDecline: (id: string) => void
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
      {state.step === 'kept' && !state.upload.isIdentified && (
        <Notice kind="warning" title="Later uploads of this patient will not find this record">
          The Patient has no identifier with both a system and a value, so the next export makes another record. Add one in the source
          system, such as the medical record number with its system.
        </Notice>
      )}
      {state.step === 'differs' && (
        <IdentityComparison file={file} identity={state.identity} onConfirm={() => onConfirm(id)} onDecline={() => onDecline(id)} />
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
  if (state.step === 'kept') {
    const { created, isUnchanged } = state.upload
    return <StatusPill tone="good">{created ? 'Kept' : isUnchanged ? 'Unchanged' : 'Brought up to date'}</StatusPill>
  }
  if (state.step === 'differs') return <StatusPill tone="waiting">Same person?</StatusPill>
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
    const { record, resources, uncategorised, categories, version, isUnchanged, removedVersions, withheld } = state.upload
    const link = <TextLink to={`/hospital/records/${record}`}>See the record’s versions</TextLink>
    if (isUnchanged) {
      return (
        <>
          The record has exactly this content already, so there is no new version. {link}
          {withheld.length > 0 && <Withheld withheld={withheld} />}
        </>
      )
    }
    return (
      <>
        {countOf(resources, 'resource')} in {countOf(categories.filter(({ count }) => count > 0).length, 'category', 'categories')}
        {uncategorised > 0 && `, ${uncategorised} in none and never released`}
        {version > 1 && `, stored as version ${version}`}. {link}
        {removedVersions > 0 && ` The content of ${countOf(removedVersions, 'oldest version')} was removed.`}
        {withheld.length > 0 && <Withheld withheld={withheld} />}
      </>
    )
  }
  return <>{formatBytes(sizeBytes)}</>
}

/** What of the file can never leave, by reason; the number of resources follows each. */
const WITHHELD_TEXT: { readonly [Reason in WithheldReason]: { readonly isStored: boolean; readonly text: string } } = {
  'another-patient': { isStored: false, text: 'about another patient' },
  'unknown-subject': { isStored: false, text: 'without saying which patient they are about' },
  withdrawn: { isStored: false, text: 'entered in error' },
  superseded: { isStored: false, text: 'older or repeated versions' },
  deleted: { isStored: false, text: 'deleted by a request in the file' },
  'server-message': { isStored: false, text: 'messages of the exporting server' },
  'not-needed': { isStored: false, text: 'added by the search without need' },
  'withheld-label': { isStored: true, text: 'with a security label that forbids it or is not known' },
  'changed-meaning': { isStored: true, text: 'with a modifier extension or a focus that changes the meaning' },
}

/** What of the file can never leave, by reason, so that nobody looks for it in vain. */
function Withheld({ withheld }: { readonly withheld: Upload['withheld'] }): JSX.Element {
  const listOf = (isStored: boolean): string =>
    listWords(
      withheld
        .filter(({ reason }) => WITHHELD_TEXT[reason].isStored === isStored)
        .map(({ reason, count }) => `${WITHHELD_TEXT[reason].text} (${count})`),
    )
  const [notStored, neverReleased] = [listOf(false), listOf(true)]
  return (
    <span className={styles.withheld} data-withheld>
      {notStored !== '' && `Not stored: ${notStored}. `}
      {neverReleased !== '' && `Stored, but never released: ${neverReleased}.`}
    </span>
  )
}
