import type { CategoryKey, RecordId, ResourceLike } from '@medsync/protocol'
import type { EntrySensitivity } from '@medsync/protocol/sensitivity'

/** A resource as it is kept: with its address in the Bundle, and everything sensitive that it tells or points to. */
export type StoredEntry = {
  readonly fullUrl?: string | undefined
  readonly sensitivities: readonly EntrySensitivity[]
  readonly resource: ResourceLike
}

/** Parts of a record in clear, in memory only, on their way to `disclose`. */
export type OpenedRecord = {
  readonly record: RecordId
  readonly parts: ReadonlyMap<CategoryKey, readonly StoredEntry[]>
  /** Everything sensitive that occurs anywhere in the record, also in parts that were not opened. */
  readonly sensitivities?: readonly EntrySensitivity[]
  /** Every address by which the record's resources call its Patient. */
  readonly patientUrls: readonly string[]
  /** Words that name the patient and other people: taken out of every text that leaves. */
  readonly identifyingWords: readonly string[]
}
