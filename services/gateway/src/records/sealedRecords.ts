import { constants } from 'node:buffer'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type AccountAddress, CATEGORY_KEYS, type CategoryKey, type RecordId, recordIdSchema } from '@medsync/protocol'
import { SENSITIVITY_RULES } from '@medsync/protocol/sensitivity'
import * as z from 'zod'
import type { Database, Transaction } from '../database/database.ts'
import type { Links } from '../enrolment/links.ts'
import { NotFoundError, RecordError } from '../gatewayErrors.ts'
import type { Tenants } from '../tenants/tenants.ts'
import type { PartName, SummaryPart } from './bundleContents.ts'
import { ENTRY_SENSITIVITIES } from './entrySensitivities.ts'
import { inSlices } from './inSlices.ts'
import type { OpenedRecord, StoredEntry } from './openedRecord.ts'
import type { RecordKeys } from './recordKeys.ts'
import type { LinkedRecord, Records } from './records.ts'
import { versionEntrySchema } from './recordVersions.ts'
import { refreshSensitivities } from './refreshSensitivities.ts'
import { summarySchema } from './summaryPart.ts'

const decompress = promisify(gunzip)
/** How much is unpacked at the most, bytes of all parts together. */
type ReadLimits = { readonly maxBytes: number }
const UNLIMITED: ReadLimits = { maxBytes: Number.MAX_SAFE_INTEGER }
const bytes = z.instanceof(Uint8Array)
const keyRow = z.object({ version: z.number(), wrapped_key: bytes })
const partRow = z.object({ part: z.string(), sealed: bytes })
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
  wrapped_key: bytes,
  sealed: bytes,
})

const entrySchema = z.object({
  fullUrl: z.string().optional(),
  sensitivities: z.array(z.enum(ENTRY_SENSITIVITIES)),
  resource: z.looseObject({ resourceType: z.string() }),
})

const LISTED = `SELECT r.record, r.version, r.created_at_s, r.uploaded_at_s, r.wrapped_key, p.sealed
   FROM records r JOIN record_parts p ON p.record = r.record AND p.version = r.version AND p.part = 'summary'`

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
  readonly #links: Links | undefined

  /** @param parts.links - Without them no record is linked to anybody. */
  constructor({ database, tenants, recordKeys, links }: { database: Database; tenants: Tenants; recordKeys: RecordKeys; links?: Links }) {
    this.#database = database
    this.#tenants = tenants
    this.#recordKeys = recordKeys
    this.#links = links
  }

  async recordsOf(account: AccountAddress): Promise<LinkedRecord[]> {
    const found = await Promise.all(this.#tenants.hospitals.map(({ slug }) => this.recordAt(slug, account)))
    return found.filter((linked) => linked !== undefined)
  }

  async recordAt(tenant: string, account: AccountAddress): Promise<LinkedRecord | undefined> {
    const hospital = this.#tenants.hospitals.find(({ slug }) => slug === tenant)?.organisation
    if (hospital === undefined) return undefined
    const link = await this.#database.inTenant(tenant, async (tx) => this.#links?.ofAccount(tx, tenant, account))
    return link === undefined ? undefined : { ...link, tenant, hospital }
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

  async openParts(tenant: string, record: RecordId, categories: readonly CategoryKey[], limits = UNLIMITED): Promise<OpenedRecord> {
    return (await this.openWithSummary(tenant, record, categories, limits)).opened
  }

  /** As `openParts` and `summaryOf`, both of the same version. */
  async openWithSummary(
    tenant: string,
    record: RecordId,
    categories: readonly CategoryKey[],
    limits = UNLIMITED,
  ): Promise<{ summary: SummaryPart; opened: OpenedRecord }> {
    const { summary, packed } = await this.#open(tenant, record, [...new Set(categories)])
    const parts = await readParts(packed, limits)
    const { patientUrls, identifyingWords } = summary
    const sensitivities = [...summary.sensitivities, ...(summary.holdsWithheld ? (['withheld'] as const) : [])]
    return { summary, opened: { record, parts, sensitivities, patientUrls, identifyingWords } }
  }

  async openForRelease(tenant: string, record: RecordId, categories: readonly CategoryKey[], limits = UNLIMITED): Promise<OpenedRecord> {
    const { summary, opened } = await this.openWithSummary(tenant, record, categories, limits)
    if (summary.sensitivityRules === SENSITIVITY_RULES) return opened
    const whole = await this.#open(tenant, record, [...CATEGORY_KEYS, 'uncategorised'])
    const refreshed = await refreshSensitivities(await readParts(whole.packed, UNLIMITED))
    return {
      record,
      parts: new Map(categories.flatMap((category) => pair(category, refreshed.get(category)))),
      sensitivities: [...new Set([...refreshed.values()].flat().flatMap((entry) => entry.sensitivities))],
      patientUrls: whole.summary.patientUrls,
      identifyingWords: whole.summary.identifyingWords,
    }
  }

  /** The hospital's own records, newest upload first. @param after - Place in the list: what comes after it. */
  async list(
    tenant: string,
    page: { limit: number; after: { uploadedAtS: number; record: RecordId } | undefined },
  ): Promise<ListedRecord[]> {
    return await this.#listedRows(tenant, (tx) =>
      tx.rows(
        listedRow,
        `${LISTED} WHERE $1::bigint IS NULL OR (r.uploaded_at_s, r.record) < ($1::bigint, $2::uuid)
          ORDER BY r.uploaded_at_s DESC, r.record DESC LIMIT $3`,
        [page.after?.uploadedAtS ?? null, page.after?.record ?? null, page.limit],
      ),
    )
  }

  /**
   * One record as it stands in the list.
   * @throws {NotFoundError} `record/other-hospital`
   */
  async find(tenant: string, record: RecordId): Promise<ListedRecord> {
    const [found] = await this.#listedRows(tenant, (tx) => tx.rows(listedRow, `${LISTED} WHERE r.record = $1`, [record]))
    if (found === undefined) throw new NotFoundError('record/other-hospital', record)
    return found
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

  async #listedRows(tenant: string, read: (tx: Transaction) => Promise<z.output<typeof listedRow>[]>): Promise<ListedRecord[]> {
    const { rows, links } = await this.#database.inTenant(tenant, async (tx) => {
      const found = await read(tx)
      const listed = found.map(({ record }) => record)
      return { rows: found, links: await this.#links?.ofRecords(tx, tenant, listed) }
    })
    return Promise.all(rows.map((row) => this.#listed(tenant, row, links?.get(row.record)?.linkedAtS ?? null)))
  }

  async #listed(tenant: string, row: z.output<typeof listedRow>, linkedAtS: number | null): Promise<ListedRecord> {
    const { record, version, created_at_s, uploaded_at_s, wrapped_key, sealed } = row
    const key = this.#recordKeys.unwrapCurrent(tenant, record, version, wrapped_key)
    return {
      record,
      version,
      createdAtS: created_at_s,
      uploadedAtS: uploaded_at_s,
      linkedAtS,
      summary: await readSummary(this.#recordKeys.openPart(tenant, key, 'summary', sealed)),
    }
  }

  /** Opens the summary and these parts; the key and the parts come from one moment, between two uploads. */
  async #open<Part extends Exclude<PartName, 'summary'>>(
    tenant: string,
    record: RecordId,
    parts: readonly Part[],
  ): Promise<{ summary: SummaryPart; packed: Map<Part, Buffer> }> {
    const wanted: PartName[] = ['summary', ...parts]
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
    const packed = new Map(parts.flatMap((part): [Part, Buffer][] => pair(part, openPart(part))))
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

/** Unpacks and reads parts. @throws {RecordError} `release/too-large`: all parts together are more than `maxBytes`. */
async function readParts<Part>(
  packed: ReadonlyMap<Part, Uint8Array>,
  { maxBytes }: ReadLimits,
): Promise<Map<Part, readonly StoredEntry[]>> {
  const parts = new Map<Part, readonly StoredEntry[]>()
  let left = maxBytes
  for (const [part, bytesOfPart] of packed) {
    const text = await unpack(bytesOfPart, left)
    left -= text.length
    parts.set(part, await readLines(text))
  }
  return parts
}

async function readLines(text: Buffer): Promise<StoredEntry[]> {
  const lines = text.toString('utf8').split('\n')
  return inSlices(lines, (line) => entrySchema.parse(JSON.parse(line)))
}
