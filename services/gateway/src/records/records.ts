import type { AccountAddress, CategoryKey, OrganisationId, RecordId, SensitivityKey } from '@medsync/protocol'
import type { OpenedRecord } from './openedRecord.ts'

/** A record with the account it belongs to. */
export type LinkedRecord = {
  readonly record: RecordId
  /** Slug of the tenant that holds it. */
  readonly tenant: string
  readonly hospital: OrganisationId
  readonly account: AccountAddress
  readonly linkedAtS: number
}

/** How much of a category a record holds, and from when to when. */
export type CategoryCount = { readonly category: CategoryKey; readonly count: number; readonly fromS: number; readonly toS: number }

/** What a record holds, for its patient and its hospital; sealed at rest like the record itself. */
export type RecordSummary = {
  readonly name: string
  readonly birthDate: string
  readonly resources: number
  readonly uncategorised: number
  readonly categories: readonly CategoryCount[]
  readonly sensitivities: readonly SensitivityKey[]
}

/** The records of all hospitals served here, as the other rooms may use them. */
export type Records = {
  /** The records linked to a patient's account, at every hospital served here. */
  recordsOf(account: AccountAddress): Promise<LinkedRecord[]>
  /** The record linked to an account at one hospital. */
  recordAt(tenant: string, account: AccountAddress): Promise<LinkedRecord | undefined>
  /**
   * Whether data made from a record at this time was another patient's: staff have said so by going back to an earlier version.
   * @param madeAtS - Unix seconds; data counts from when the wrong version came until shortly after it went, as some was still on its way.
   */
  wasOfAnother(tenant: string, record: RecordId, madeAtS: number): Promise<boolean>
  /**
   * What a record holds.
   * @throws {NotFoundError} The tenant has no such record.
   */
  summaryOf(tenant: string, record: RecordId): Promise<RecordSummary>
  /**
   * Opens the parts of these categories and no others; what comes out still has to pass `disclose`.
   * @param limits.maxBytes - Most bytes of all parts together, unpacked; as many as there are when not given.
   * @throws {NotFoundError} The tenant has no such record.
   * @throws {RecordError} `record/damaged`: a part does not open with its key.
   * @throws {RecordError} `release/too-large`: there are more bytes than may be opened; nothing of them is kept.
   */
  openParts(
    tenant: string,
    record: RecordId,
    categories: readonly CategoryKey[],
    limits?: { readonly maxBytes: number },
  ): Promise<OpenedRecord>
  /**
   * As `openParts`, for what is to be released: an entry that was stored under earlier rules has what is sensitive in the whole record by the present ones.
   * @throws As `openParts`.
   */
  openForRelease(
    tenant: string,
    record: RecordId,
    categories: readonly CategoryKey[],
    limits?: { readonly maxBytes: number },
  ): Promise<OpenedRecord>
}
