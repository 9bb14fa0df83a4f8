import { Button } from '@mantine/core'
import type { JSX } from 'react'
import { useNetwork } from '../../features/network/useNetwork.ts'
import { SampleBundles } from '../../features/uploads/SampleBundles.tsx'
import { UploadRow } from '../../features/uploads/UploadRow.tsx'
import { useUploads } from '../../features/uploads/useUploads.ts'
import { FileDrop } from '../../ui/FileDrop.tsx'
import { countOf } from '../../ui/format/countOf.ts'
import { formatBytes } from '../../ui/format/formatBytes.ts'
import { Page } from '../../ui/layout/Page.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import styles from './hospital.module.css'

/** Upload records: files by dropping or choosing, several at once, each followed to its end. */
export function UploadPage(): JSX.Element {
  const { maxBundleBytes } = useNetwork()
  const { entries, add, retry, confirm, decline, clear } = useUploads()
  const finished = entries.filter(({ state }) => state.step === 'kept' || state.step === 'refused').length
  return (
    <Page
      title="Upload records"
      lead="One FHIR R4 Bundle for each patient. It is checked, encrypted with a key of its own, and kept by your hospital alone."
    >
      <FileDrop accept=".json,.gz,application/json,application/fhir+json,application/gzip" label="Choose files" onFiles={add}>
        <p>FHIR R4 JSON, plain or gzip, up to {formatBytes(maxBundleBytes)} unpacked. Several at once are fine.</p>
      </FileDrop>
      <SampleBundles onFiles={add} />
      {entries.length > 0 && (
        <Panel
          title="Files"
          note={
            finished === entries.length
              ? `All ${countOf(entries.length, 'file is', 'files are')} done.`
              : `${finished} of ${entries.length} done.`
          }
          aside={
            finished > 0 && (
              <Button variant="default" size="compact-md" onClick={clear}>
                Clear what is done
              </Button>
            )
          }
        >
          <ul className={styles.rows} aria-label="Uploaded files">
            {entries.toReversed().map((entry) => (
              <UploadRow key={entry.id} entry={entry} onRetry={retry} onConfirm={confirm} onDecline={decline} />
            ))}
          </ul>
        </Panel>
      )}
    </Page>
  )
}
