import type { CategoryKey, WithheldReason } from '@medsync/protocol'
import type { PatientIdentity } from './patientIdentity.ts'
import type { RecordSummary } from './records.ts'

/** Name of a part of a record: a category, what is in no category, or the summary with what identifies the patient. */
export type PartName = CategoryKey | 'uncategorised' | 'summary'

/** The summary part as it is sealed: what staff and patient are shown, and what `disclose` needs to find and take out. */
export type SummaryPart = RecordSummary & {
  /** Something in the record leaves under no consent. */
  readonly holdsWithheld: boolean
  readonly patientUrls: readonly string[]
  readonly identifyingWords: readonly string[]
  /** `SENSITIVITY_RULES` at the time of the upload. */
  readonly sensitivityRules: number
}

/** A Bundle that was read whole and found valid. */
export type BundleContents = {
  /** Who the patient is; of their identifiers only keyed hashes are stored outside the encrypted parts. */
  readonly patientIdentity: PatientIdentity
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
