import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type AccountAddress, CATEGORY_KEYS, type CategoryKey, type RecordId, recordIdSchema, SENSITIVITY_KEYS } from '@medsync/protocol'
import { SENSITIVITY_RULES } from '@medsync/protocol/sensitivity'
import * as z from 'zod'
import type { Database } from '../database/database.ts'
import type { Links } from '../enrolment/links.ts'
import { NotFoundError, RecordError } from '../gatewayErrors.ts'
import type { Tenants } from '../tenants/tenants.ts'
import type { PartName, SummaryPart } from './bundleContents.ts'
import { ENTRY_SENSITIVITIES } from './entrySensitivities.ts'
import { inSlices } from './inSlices.ts'
import type { OpenedRecord, StoredEntry } from './openedRecord.ts'
import type { RecordKeys } from './recordKeys.ts'
import type { LinkedRecord, Records } from './records.ts'
import { refreshSensitivities } from './refreshSensitivities.ts'

const decompress = promisify(gunzip)
const bytes = z.instanceof(Uint8Array)
const keyRow = z.object({ wrapped_key: bytes })
const partRow = z.object({ part: z.string(), sealed: bytes })
const sealedSummaryRow = z.object({ record: recordIdSchema, wrapped_key: bytes, sealed: bytes })
const listedRow = z.object({
  record: recordIdSchema,
  created_at_s: z.number(),
  uploaded_at_s: z.number(),
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
  /** A summary that does not say so may be of a record with something that leaves under no consent. */
  holdsWithheld: z.boolean().default(true),
  patientUrls: z.array(z.string()),
  identifyingWords: z.array(z.string()),
  /** Records from before the rules had a number. */
  sensitivityRules: z.number().default(1),
})
const entrySchema = z.object({
  fullUrl: z.string().optional(),
  sensitivities: z.array(z.enum(ENTRY_SENSITIVITIES)),
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

  async summaryOf(tenant: string, record: RecordId): Promise<SummaryPart> {
    const { summary } = await this.#open(tenant, record, [])
    return summary
  }

  async openParts(tenant: string, record: RecordId, categories: readonly CategoryKey[]): Promise<OpenedRecord> {
    const { summary, packed } = await this.#open(tenant, record, categories)
    const parts = new Map<CategoryKey, readonly StoredEntry[]>()
    for (const [category, part] of packed) parts.set(category, await readLines(part))
    const { patientUrls, identifyingWords } = summary
    const sensitivities = [...summary.sensitivities, ...(summary.holdsWithheld ? (['withheld'] as const) : [])]
    return { record, parts, sensitivities, patientUrls, identifyingWords }
  }

  async openForRelease(tenant: string, record: RecordId, categories: readonly CategoryKey[]): Promise<OpenedRecord> {
    const { summary } = await this.#open(tenant, record, [])
    if (summary.sensitivityRules === SENSITIVITY_RULES) return this.openParts(tenant, record, categories)
    const whole = await this.#open(tenant, record, [...CATEGORY_KEYS, 'uncategorised'])
    const stored = new Map<PartName, readonly StoredEntry[]>()
    for (const [part, lines] of whole.packed) stored.set(part, await readLines(lines))
    const refreshed = refreshSensitivities(stored)
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
    const { rows, links } = await this.#database.inTenant(tenant, async (tx) => {
      const found = await tx.rows(
        listedRow,
        `SELECT r.record, r.created_at_s, r.uploaded_at_s, r.wrapped_key, p.sealed
           FROM records r JOIN record_parts p ON p.record = r.record AND p.part = 'summary'
          WHERE $1::bigint IS NULL OR (r.uploaded_at_s, r.record) < ($1::bigint, $2::uuid)
          ORDER BY r.uploaded_at_s DESC, r.record DESC LIMIT $3`,
        [page.after?.uploadedAtS ?? null, page.after?.record ?? null, page.limit],
      )
      const listed = found.map(({ record }) => record)
      return { rows: found, links: await this.#links?.ofRecords(tx, tenant, listed) }
    })
    return Promise.all(
      rows.map(async ({ record, created_at_s, uploaded_at_s, wrapped_key, sealed }) => ({
        record,
        createdAtS: created_at_s,
        uploadedAtS: uploaded_at_s,
        linkedAtS: links?.get(record)?.linkedAtS ?? null,
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

  /** Opens the summary and these parts; the key and the parts come from one moment, between two uploads. */
  async #open<Part extends Exclude<PartName, 'summary'>>(
    tenant: string,
    record: RecordId,
    parts: readonly Part[],
  ): Promise<{ summary: SummaryPart; packed: Map<Part, Buffer> }> {
    const wanted: PartName[] = ['summary', ...parts]
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

async function readLines(packed: Uint8Array): Promise<StoredEntry[]> {
  const lines = (await decompress(packed)).toString('utf8').split('\n')
  return inSlices(lines, (line) => entrySchema.parse(JSON.parse(line)))
}
