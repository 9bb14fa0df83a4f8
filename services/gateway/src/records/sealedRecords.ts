import { constants } from 'node:buffer'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import {
  type AccountAddress,
  accountSchema,
  CATEGORY_KEYS,
  type CategoryKey,
  type RecordId,
  recordIdSchema,
  SENSITIVITY_KEYS,
} from '@medsync/protocol'
import * as z from 'zod'
import type { Database } from '../database/database.ts'
import { NotFoundError, RecordError } from '../gatewayErrors.ts'
import type { Tenants } from '../tenants/tenants.ts'
import type { PartName, SummaryPart } from './bundleContents.ts'
import { inSlices } from './inSlices.ts'
import type { OpenedRecord, StoredEntry } from './openedRecord.ts'
import type { RecordKeys } from './recordKeys.ts'
import type { LinkedRecord, Records } from './records.ts'

const decompress = promisify(gunzip)
const bytes = z.instanceof(Uint8Array)
const keyRow = z.object({ wrapped_key: bytes })
const partRow = z.object({ part: z.string(), sealed: bytes })
const linkRow = z.object({ record: recordIdSchema, account: accountSchema, linked_at_s: z.number() })
const sealedSummaryRow = z.object({ record: recordIdSchema, wrapped_key: bytes, sealed: bytes })
const listedRow = z.object({
  record: recordIdSchema,
  created_at_s: z.number(),
  uploaded_at_s: z.number(),
  linked_at_s: z.number().nullable(),
  wrapped_key: bytes,
  sealed: bytes,
})

const summarySchema = z.object({
  name: z.string(),
  birthDate: z.string(),
  resources: z.number(),
  uncategorised: z.number(),
  categories: z.array(z.object({ category: z.enum(CATEGORY_KEYS), count: z.number(), fromS: z.number(), toS: z.number() })),
  sensitivities: z.array(z.enum(SENSITIVITY_KEYS)),
  patientUrls: z.array(z.string()),
  identifyingWords: z.array(z.string()),
})
const entrySchema = z.object({
  fullUrl: z.string().optional(),
  sensitivities: z.array(z.enum(SENSITIVITY_KEYS)),
  resource: z.looseObject({ resourceType: z.string() }),
})

/** One row of the hospital's own list. */
export type ListedRecord = {
  readonly record: RecordId
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

  async summaryOf(tenant: string, record: RecordId): Promise<SummaryPart> {
    const { summary } = await this.#open(tenant, record, [])
    return summary
  }

  async openParts(
    tenant: string,
    record: RecordId,
    categories: readonly CategoryKey[],
    { maxBytes }: { readonly maxBytes: number } = { maxBytes: Number.MAX_SAFE_INTEGER },
  ): Promise<OpenedRecord> {
    const { summary, packed } = await this.#open(tenant, record, [...new Set(categories)])
    const parts = new Map<CategoryKey, readonly StoredEntry[]>()
    let left = maxBytes
    for (const [category, part] of packed) {
      const text = await unpack(part, left)
      left -= text.length
      parts.set(category, await readLines(text))
    }
    return { record, parts, patientUrls: summary.patientUrls, identifyingWords: summary.identifyingWords }
  }

  /** The hospital's own records, newest upload first. @param after - Place in the list: what comes after it. */
  async list(
    tenant: string,
    page: { limit: number; after: { uploadedAtS: number; record: RecordId } | undefined },
  ): Promise<ListedRecord[]> {
    const rows = await this.#database.inTenant(tenant, (tx) =>
      tx.rows(
        listedRow,
        `SELECT r.record, r.created_at_s, r.uploaded_at_s, r.wrapped_key, l.linked_at_s, p.sealed
           FROM records r JOIN record_parts p ON p.record = r.record AND p.part = 'summary' LEFT JOIN links l ON l.record = r.record
          WHERE $1::bigint IS NULL OR (r.uploaded_at_s, r.record) < ($1::bigint, $2::uuid)
          ORDER BY r.uploaded_at_s DESC, r.record DESC LIMIT $3`,
        [page.after?.uploadedAtS ?? null, page.after?.record ?? null, page.limit],
      ),
    )
    return Promise.all(
      rows.map(async ({ record, created_at_s, uploaded_at_s, linked_at_s, wrapped_key, sealed }) => ({
        record,
        createdAtS: created_at_s,
        uploadedAtS: uploaded_at_s,
        linkedAtS: linked_at_s,
        summary: await readSummary(
          this.#recordKeys.openPart(tenant, record, 'summary', this.#recordKeys.unwrap(tenant, record, wrapped_key), sealed),
        ),
      })),
    )
  }

  /** Whose these records are, for staff of the hospital. A record that is not there, or cannot be opened, is left out. */
  async patientsOf(tenant: string, records: readonly RecordId[]): Promise<Map<RecordId, { name: string; birthDate: string }>> {
    const rows = await this.#database.inTenant(tenant, (tx) =>
      tx.rows(
        sealedSummaryRow,
        `SELECT r.record, r.wrapped_key, p.sealed FROM records r
           JOIN record_parts p ON p.record = r.record AND p.part = 'summary' WHERE r.record = ANY($1)`,
        [records],
      ),
    )
    const found = new Map<RecordId, { name: string; birthDate: string }>()
    for (const { record, wrapped_key, sealed } of rows) {
      try {
        const key = this.#recordKeys.unwrap(tenant, record, wrapped_key)
        const { name, birthDate } = await readSummary(this.#recordKeys.openPart(tenant, record, 'summary', key, sealed))
        found.set(record, { name, birthDate })
      } catch (failure) {
        // One damaged record must not keep the others from being seen.
        if (!(failure instanceof RecordError)) throw failure
      }
    }
    return found
  }

  /** Opens the summary and these categories; the key and the parts come from one moment, between two uploads. */
  async #open(
    tenant: string,
    record: RecordId,
    categories: readonly CategoryKey[],
  ): Promise<{ summary: SummaryPart; packed: Map<CategoryKey, Buffer> }> {
    const wanted: PartName[] = ['summary', ...categories]
    const { key, rows } = await this.#database.inTenant(tenant, async (tx) => {
      const row = await tx.first(keyRow, 'SELECT wrapped_key FROM records WHERE record = $1 FOR SHARE', [record])
      if (row === undefined) throw new NotFoundError('record/other-hospital', record)
      return {
        key: this.#recordKeys.unwrap(tenant, record, row.wrapped_key),
        rows: await tx.rows(partRow, 'SELECT part, sealed FROM record_parts WHERE record = $1 AND part = ANY($2)', [record, wanted]),
      }
    })
    const openPart = (part: PartName): Buffer | undefined => {
      const row = rows.find((candidate) => candidate.part === part)
      return row === undefined ? undefined : this.#recordKeys.openPart(tenant, record, part, key, row.sealed)
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

/** @throws {RecordError} `release/too-large`: it is more than `maxBytes`; unpacking stops there. */
async function unpack(packed: Uint8Array, maxBytes: number): Promise<Buffer> {
  try {
    return await decompress(packed, { maxOutputLength: Math.max(1, Math.min(maxBytes, constants.MAX_LENGTH)) })
  } catch (cause) {
    if (cause instanceof RangeError && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE')
      throw new RecordError('release/too-large', '', { cause })
    throw cause
  }
}

async function readLines(text: Buffer): Promise<StoredEntry[]> {
  const lines = text.toString('utf8').split('\n')
  return inSlices(lines, (line) => entrySchema.parse(JSON.parse(line)))
}
