import type { CategoryKey, WithheldReason } from '@medsync/protocol'
import type { RecordSummary } from './records.ts'

/** Name of a part of a record: a category, what is in no category, or the summary with what identifies the patient. */
export type PartName = CategoryKey | 'uncategorised' | 'summary'

/** The summary part as it is sealed: what staff and patient are shown, and what `disclose` needs to find and take out. */
export type SummaryPart = RecordSummary & {
  readonly patientUrls: readonly string[]
  readonly identifyingWords: readonly string[]
}

/** A Bundle that was read whole and found valid. */
export type BundleContents = {
  /** The identifier by which the hospital knows the patient, canonical; only its keyed hash is kept. */
  readonly patientIdentifier: string
  readonly summary: SummaryPart
  /** What of the Bundle can never leave, most of it because it is not stored; told to the uploader. */
  readonly withheld: readonly { readonly reason: WithheldReason; readonly count: number }[]
  /** Entries by part, one JSON a line, gzip. */
  readonly parts: readonly { readonly part: PartName; readonly packed: Uint8Array }[]
}

/** How much is taken. */
export type BundleLimits = {
  /** Entries with or without a resource. */
  readonly maxResources: number
  /** Objects, lists and what stands in them; unless said as `jsonGuard.ts` has it. */
  readonly maxElements?: number | undefined
}
