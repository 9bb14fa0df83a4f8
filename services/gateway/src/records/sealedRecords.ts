import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type AccountAddress, accountSchema, type CategoryKey, type RecordId, recordIdSchema, SENSITIVITY_KEYS } from '@medsync/protocol'
import * as z from 'zod'
import type { Database } from '../database/database.ts'
import { NotFoundError, RecordError } from '../gatewayErrors.ts'
import type { Tenants } from '../tenants/tenants.ts'
import type { PartName, SummaryPart } from './bundleContents.ts'
import { inSlices } from './inSlices.ts'
import type { OpenedRecord, StoredEntry } from './openedRecord.ts'
import type { RecordKeys } from './recordKeys.ts'
import type { LinkedRecord, Records } from './records.ts'
import { versionEntrySchema } from './recordVersions.ts'
import { summarySchema } from './summaryPart.ts'

const decompress = promisify(gunzip)
const bytes = z.instanceof(Uint8Array)
const keyRow = z.object({ version: z.number(), wrapped_key: bytes })
const partRow = z.object({ part: z.string(), sealed: bytes })
const linkRow = z.object({ record: recordIdSchema, account: accountSchema, linked_at_s: z.number() })
const sealedSummaryRow = z.object({ record: recordIdSchema, version: z.number(), wrapped_key: bytes, sealed: bytes })
/** How long data can be on its way from an opened record to the journal. */
const ON_ITS_WAY_S = 30
const numberRow = z.object({ version: z.number() })
const entryRow = z.object({ version: z.number(), sealed: bytes })
const changeRow = z.object({ version: z.number(), uploaded_at_s: z.number(), sealed: bytes.nullable() })
const listedRow = z.object({
  record: recordIdSchema,
  version: z.number(),
  created_at_s: z.number(),
  uploaded_at_s: z.number(),
  linked_at_s: z.number().nullable(),
  wrapped_key: bytes,
  sealed: bytes,
})

const entrySchema = z.object({
  fullUrl: z.string().optional(),
  sensitivities: z.array(z.enum(SENSITIVITY_KEYS)),
  resource: z.looseObject({ resourceType: z.string() }),
})

const LISTED = `SELECT r.record, r.version, r.created_at_s, r.uploaded_at_s, r.wrapped_key, l.linked_at_s, p.sealed
   FROM records r JOIN record_parts p ON p.record = r.record AND p.version = r.version AND p.part = 'summary' LEFT JOIN links l ON l.record = r.record`

/** A change of a record after its first upload. */
export type RecordChange = { readonly atS: number; readonly isRestored: boolean }

/** One row of the hospital's own list. */
export type ListedRecord = {
  readonly record: RecordId
  /** Number of the current version; everything here is of that one. */
  readonly version: number
  /** When it was uploaded first; new uploads of the same patient leave it. */
  readonly createdAtS: number
  readonly uploadedAtS: number
  readonly linkedAtS: number | null
  readonly summary: SummaryPart
}

/** Records as they lie in the database, opened part by part. */
export class SealedRecords implements Records {
  readonly #database: Database
  readonly #tenants: Tenants
  readonly #recordKeys: RecordKeys

  constructor({ database, tenants, recordKeys }: { database: Database; tenants: Tenants; recordKeys: RecordKeys }) {
    this.#database = database
    this.#tenants = tenants
    this.#recordKeys = recordKeys
  }

  async recordsOf(account: AccountAddress): Promise<LinkedRecord[]> {
    const found = await Promise.all(this.#tenants.hospitals.map(({ slug }) => this.recordAt(slug, account)))
    return found.filter((linked) => linked !== undefined)
  }

  async recordAt(tenant: string, account: AccountAddress): Promise<LinkedRecord | undefined> {
    const hospital = this.#tenants.hospitals.find(({ slug }) => slug === tenant)?.organisation
    if (hospital === undefined) return undefined
    const row = await this.#database.inTenant(tenant, (tx) =>
      tx.first(linkRow, 'SELECT record, account, linked_at_s FROM links WHERE account = $1', [account]),
    )
    return row === undefined ? undefined : { record: row.record, tenant, hospital, account: row.account, linkedAtS: row.linked_at_s }
  }

  async wasOfAnother(tenant: string, record: RecordId, madeAtS: number): Promise<boolean> {
    const { rows, current } = await this.#database.inTenant(tenant, async (tx) => ({
      current: await tx.first(numberRow, 'SELECT version FROM records WHERE record = $1 FOR SHARE', [record]),
      rows: await tx.rows(entryRow, 'SELECT version, sealed FROM record_versions WHERE record = $1', [record]),
    }))
    // What was taken out of the list could have said so. A record from before versions has no entry yet.
    if (current !== undefined && current.version > 1 && rows.length !== current.version) throw new RecordError('record/damaged', record)
    const entries = new Map(
      rows.map(({ version, sealed }) => [version, versionEntrySchema.parse(this.#recordKeys.openEntry(tenant, record, version, sealed))]),
    )
    return [...entries.values()].some(({ reason, fromVersion, madeAtS: restoredAtS }) => {
      if (reason !== 'wrong-patient' || fromVersion === null) return false
      const wrongFromS = entries.get(fromVersion + 1)?.madeAtS ?? 0
      return madeAtS >= wrongFromS && madeAtS <= restoredAtS + ON_ITS_WAY_S
    })
  }

  async summaryOf(tenant: string, record: RecordId): Promise<SummaryPart> {
    const { summary } = await this.#open(tenant, record, [])
    return summary
  }

  /** What a record holds, and its last change: when it was, and whether it took the record back to an earlier version. */
  async overviewOf(tenant: string, record: RecordId): Promise<{ summary: SummaryPart; change: RecordChange | undefined }> {
    const row = await this.#database.inTenant(tenant, (tx) =>
      tx.first(
        changeRow,
        `SELECT r.version, r.uploaded_at_s, v.sealed FROM records r
           LEFT JOIN record_versions v ON v.record = r.record AND v.version = r.version WHERE r.record = $1`,
        [record],
      ),
    )
    if (row === undefined) throw new NotFoundError('record/other-hospital', record)
    const summary = await this.summaryOf(tenant, record)
    const { version, uploaded_at_s: atS, sealed } = row
    if (version === 1) return { summary, change: undefined }
    if (sealed === null) throw new RecordError('record/damaged', record)
    const { how } = versionEntrySchema.parse(this.#recordKeys.openEntry(tenant, record, version, sealed))
    return { summary, change: { atS, isRestored: how === 'restore' } }
  }

  async openParts(tenant: string, record: RecordId, categories: readonly CategoryKey[]): Promise<OpenedRecord> {
    return (await this.openWithSummary(tenant, record, categories)).opened
  }

  /** As `openParts` and `summaryOf`, both of the same version. */
  async openWithSummary(
    tenant: string,
    record: RecordId,
    categories: readonly CategoryKey[],
  ): Promise<{ summary: SummaryPart; opened: OpenedRecord }> {
    const { summary, packed } = await this.#open(tenant, record, categories)
    const parts = new Map<CategoryKey, readonly StoredEntry[]>()
    for (const [category, part] of packed) parts.set(category, await readLines(part))
    return { summary, opened: { record, parts, patientUrls: summary.patientUrls, identifyingWords: summary.identifyingWords } }
  }

  /** The hospital's own records, newest upload first. @param after - Place in the list: what comes after it. */
  async list(
    tenant: string,
    page: { limit: number; after: { uploadedAtS: number; record: RecordId } | undefined },
  ): Promise<ListedRecord[]> {
    const rows = await this.#database.inTenant(tenant, (tx) =>
      tx.rows(
        listedRow,
        `${LISTED} WHERE $1::bigint IS NULL OR (r.uploaded_at_s, r.record) < ($1::bigint, $2::uuid)
          ORDER BY r.uploaded_at_s DESC, r.record DESC LIMIT $3`,
        [page.after?.uploadedAtS ?? null, page.after?.record ?? null, page.limit],
      ),
    )
    return Promise.all(rows.map((row) => this.#listed(tenant, row)))
  }

  /**
   * One record as it stands in the list.
   * @throws {NotFoundError} `record/other-hospital`
   */
  async find(tenant: string, record: RecordId): Promise<ListedRecord> {
    const row = await this.#database.inTenant(tenant, (tx) => tx.first(listedRow, `${LISTED} WHERE r.record = $1`, [record]))
    if (row === undefined) throw new NotFoundError('record/other-hospital', record)
    return this.#listed(tenant, row)
  }

  /** Whose these records are, for staff of the hospital. A record that is not there, or cannot be opened, is left out. */
  async patientsOf(tenant: string, records: readonly RecordId[]): Promise<Map<RecordId, { name: string; birthDate: string }>> {
    const rows = await this.#database.inTenant(tenant, (tx) =>
      tx.rows(
        sealedSummaryRow,
        `SELECT r.record, r.version, r.wrapped_key, p.sealed FROM records r
           JOIN record_parts p ON p.record = r.record AND p.version = r.version AND p.part = 'summary' WHERE r.record = ANY($1)`,
        [records],
      ),
    )
    const found = new Map<RecordId, { name: string; birthDate: string }>()
    for (const { record, version, wrapped_key, sealed } of rows) {
      try {
        const key = this.#recordKeys.unwrapCurrent(tenant, record, version, wrapped_key)
        const { name, birthDate } = await readSummary(this.#recordKeys.openPart(tenant, key, 'summary', sealed))
        found.set(record, { name, birthDate })
      } catch (failure) {
        // One damaged record must not keep the others from being seen.
        if (!(failure instanceof RecordError)) throw failure
      }
    }
    return found
  }

  async #listed(tenant: string, row: z.output<typeof listedRow>): Promise<ListedRecord> {
    const { record, version, created_at_s, uploaded_at_s, linked_at_s, wrapped_key, sealed } = row
    const key = this.#recordKeys.unwrapCurrent(tenant, record, version, wrapped_key)
    return {
      record,
      version,
      createdAtS: created_at_s,
      uploadedAtS: uploaded_at_s,
      linkedAtS: linked_at_s,
      summary: await readSummary(this.#recordKeys.openPart(tenant, key, 'summary', sealed)),
    }
  }

  /** Opens the summary and these categories; the key and the parts come from one moment, between two uploads. */
  async #open(
    tenant: string,
    record: RecordId,
    categories: readonly CategoryKey[],
  ): Promise<{ summary: SummaryPart; packed: Map<CategoryKey, Buffer> }> {
    const wanted: PartName[] = ['summary', ...categories]
    const { key, rows } = await this.#database.inTenant(tenant, async (tx) => {
      const row = await tx.first(keyRow, 'SELECT version, wrapped_key FROM records WHERE record = $1 FOR SHARE', [record])
      if (row === undefined) throw new NotFoundError('record/other-hospital', record)
      return {
        key: this.#recordKeys.unwrapCurrent(tenant, record, row.version, row.wrapped_key),
        rows: await tx.rows(partRow, 'SELECT part, sealed FROM record_parts WHERE record = $1 AND version = $2 AND part = ANY($3)', [
          record,
          row.version,
          wanted,
        ]),
      }
    })
    const openPart = (part: PartName): Buffer | undefined => {
      const row = rows.find((candidate) => candidate.part === part)
      return row === undefined ? undefined : this.#recordKeys.openPart(tenant, key, part, row.sealed)
    }
    const summary = openPart('summary')
    if (summary === undefined) throw new RecordError('record/damaged', record)
    const packed = new Map(categories.flatMap((category): [CategoryKey, Buffer][] => pair(category, openPart(category))))
    return { summary: await readSummary(summary), packed }
  }
}

function pair<K, V>(key: K, value: V | undefined): [K, V][] {
  return value === undefined ? [] : [[key, value]]
}

async function readSummary(packed: Uint8Array): Promise<SummaryPart> {
  return summarySchema.parse(JSON.parse((await decompress(packed)).toString('utf8')))
}

async function readLines(packed: Uint8Array): Promise<StoredEntry[]> {
  const lines = (await decompress(packed)).toString('utf8').split('\n')
  return inSlices(lines, (line) => entrySchema.parse(JSON.parse(line)))
}
