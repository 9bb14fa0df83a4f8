import { createHash } from 'node:crypto'
import {
  type AccountAddress,
  accountSchema,
  CATEGORY_KEYS,
  identityFieldSchema,
  type RecordId,
  recordIdSchema,
  restoreReasonSchema,
} from '@medsync/protocol'
import * as z from 'zod'
import type { Transaction } from '../database/database.ts'
import { NotFoundError, RecordError } from '../gatewayErrors.ts'
import { newKey } from '../keys/seal.ts'
import type { PartName, SummaryPart } from './bundleContents.ts'
import type { VersionKey } from './recordKeys.ts'
import type { Saving } from './saveRecord.ts'

/** How many versions of a record keep their content; the oldest go first, the newest two never. */
export const MAX_VERSIONS = 50
/** How much the kept versions of a record may take together, bytes as they are stored. */
export const MAX_VERSION_BYTES = 268_435_456

const bytes = z.instanceof(Uint8Array)
const headRow = z.object({ record: recordIdSchema, version: z.number(), wrapped_key: bytes, uploaded_at_s: z.number() })
const sealedRow = z.object({ sealed: bytes })
const keptRow = z.object({ version: z.number(), size_bytes: z.number() })
const versionRow = z.object({ version: z.number(), wrapped_key: bytes.nullable(), sealed: bytes })
const partRow = z.object({ part: z.string(), sealed: bytes })

/** What the list of versions says of one; encrypted, and bound to the entry before it. */
export const versionEntrySchema = z.object({
  how: z.enum(['upload', 'restore']),
  by: accountSchema,
  madeAtS: z.number(),
  fromVersion: z.number().nullable(),
  reason: restoreReasonSchema.nullable(),
  confirmed: z.array(identityFieldSchema),
  name: z.string(),
  birthDate: z.string(),
  resources: z.number(),
  categories: z.array(z.object({ category: z.enum(CATEGORY_KEYS), count: z.number(), fromS: z.number(), toS: z.number() })),
  /** `RecordKeys.contentDigest` of what was uploaded; null when it is from before versions. */
  contentDigest: z.string().nullable(),
  isUnversioned: z.boolean(),
  /** SHA-256 of the encrypted entry before it, hex; empty for the first. */
  previous: z.string(),
})
export type VersionEntry = z.output<typeof versionEntrySchema>

/** The current version of a record, locked for the rest of the transaction. */
export type Head = { readonly record: RecordId; readonly version: number; readonly wrappedKey: Uint8Array; readonly changedAtS: number }

/** What a new version holds and why it is made. */
export type NewVersion = {
  readonly by: AccountAddress
  readonly parts: readonly { readonly part: PartName; readonly packed: Uint8Array }[]
  readonly summary: SummaryPart
} & Pick<VersionEntry, 'how' | 'fromVersion' | 'reason' | 'confirmed' | 'contentDigest'>

/** One version of a record, as it stands in the list. */
export type ListedVersion = { readonly version: number; readonly isKept: boolean; readonly entry: VersionEntry }

/**
 * Uploads and restores at one hospital take turns, so that two of them never decide on the same record, or make two records of one patient. Held until the
 * transaction ends.
 */
export async function takeTurn(tx: Transaction): Promise<void> {
  await tx.run(`SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext('records'))`)
}

/** @throws {NotFoundError} `record/other-hospital` */
export async function lockHead(tx: Transaction, record: RecordId): Promise<Head> {
  const sql = 'SELECT record, version, wrapped_key, uploaded_at_s FROM records WHERE record = $1 FOR UPDATE'
  const row = await tx.first(headRow, sql, [record])
  if (row === undefined) throw new NotFoundError('record/other-hospital', record)
  return { record, version: row.version, wrappedKey: row.wrapped_key, changedAtS: row.uploaded_at_s }
}

/**
 * Stores a version after the current one, under a key of its own, and makes it the current one.
 * @returns Its number, and how many of the oldest lost their content.
 */
export async function addVersion(
  tx: Transaction,
  { recordKeys, clock }: Saving,
  tenant: string,
  head: Pick<Head, 'record' | 'version'>,
  made: NewVersion,
): Promise<{ version: number; removedVersions: number }> {
  const { record } = head
  const key: VersionKey = { key: newKey(), record, version: head.version + 1, isUnversioned: false }
  const { version } = key
  const { parts, summary, ...how } = made
  const { name, birthDate, resources, categories } = summary
  const previous = await tx.first(sealedRow, 'SELECT sealed FROM record_versions WHERE record = $1 AND version = $2', [
    record,
    head.version,
  ])
  const entry: VersionEntry = {
    ...how,
    confirmed: [...how.confirmed],
    name,
    birthDate,
    resources,
    categories: [...categories],
    madeAtS: clock.nowS(),
    isUnversioned: false,
    previous: previous === undefined ? '' : digestOf(previous.sealed),
  }
  await tx.run('UPDATE records SET version = $2, wrapped_key = $3, uploaded_at_s = $4, uploaded_by = $5 WHERE record = $1', [
    record,
    version,
    recordKeys.wrapCurrent(tenant, key),
    clock.nowS(),
    made.by,
  ])
  let sizeBytes = 0
  for (const { part, packed } of parts) {
    const sealed = recordKeys.sealPart(tenant, key, part, packed)
    sizeBytes += sealed.length
    await tx.run('INSERT INTO record_parts (record, version, part, sealed) VALUES ($1, $2, $3, $4)', [record, version, part, sealed])
  }
  await insertEntry(
    tx,
    { record, version, wrappedKey: recordKeys.wrapVersion(tenant, key), sizeBytes },
    recordKeys.sealEntry(tenant, record, version, entry),
  )
  return { version, removedVersions: await removeOldest(tx, record) }
}

/** Writes one row of the list. @param of.wrappedKey - Null when there is no content to open. */
export async function insertEntry(
  tx: Transaction,
  of: { readonly record: RecordId; readonly version: number; readonly wrappedKey: Uint8Array | null; readonly sizeBytes: number },
  sealed: Uint8Array,
): Promise<void> {
  await tx.run('INSERT INTO record_versions (record, version, wrapped_key, sealed, size_bytes) VALUES ($1, $2, $3, $4, $5)', [
    of.record,
    of.version,
    of.wrappedKey,
    sealed,
    of.sizeBytes,
  ])
}

/** What the list says of a version. @throws {RecordError} `record/damaged` @throws {NotFoundError} `record/no-such-version` */
export async function readVersion(
  tx: Transaction,
  { recordKeys }: Saving,
  tenant: string,
  record: RecordId,
  version: number,
): Promise<{ entry: VersionEntry; wrappedKey: Uint8Array | null }> {
  const sql = 'SELECT version, wrapped_key, sealed FROM record_versions WHERE record = $1 AND version = $2'
  const row = await tx.first(versionRow, sql, [record, version])
  if (row === undefined) throw new NotFoundError('record/no-such-version', `${record} ${version}`)
  return { entry: versionEntrySchema.parse(recordKeys.openEntry(tenant, record, version, row.sealed)), wrappedKey: row.wrapped_key }
}

/** All parts of a version in clear, packed as they were. @throws {RecordError} `record/damaged` */
export async function openVersion(
  tx: Transaction,
  { recordKeys }: Pick<Saving, 'recordKeys'>,
  tenant: string,
  key: VersionKey,
): Promise<{ part: PartName; packed: Buffer }[]> {
  const rows = await tx.rows(partRow, 'SELECT part, sealed FROM record_parts WHERE record = $1 AND version = $2', [key.record, key.version])
  return rows.map((row) => {
    const part = partNameSchema.parse(row.part)
    return { part, packed: recordKeys.openPart(tenant, key, part, row.sealed) }
  })
}

/**
 * The versions of a record, newest first, from below `before`.
 * @returns Those whose entry can be opened; `isComplete` is false when one on this page is missing or was changed from outside.
 * @throws {NotFoundError} `record/other-hospital`
 */
export async function listVersions(
  { database, recordKeys }: Saving,
  tenant: string,
  record: RecordId,
  page: { readonly limit: number; readonly before: number | undefined },
): Promise<{ items: ListedVersion[]; current: number; isComplete: boolean; next: number | undefined }> {
  const { head, rows } = await database.inTenant(tenant, async (tx) => {
    const sql = 'SELECT record, version, wrapped_key, uploaded_at_s FROM records WHERE record = $1 FOR SHARE'
    const row = await tx.first(headRow, sql, [record])
    if (row === undefined) throw new NotFoundError('record/other-hospital', record)
    const listed = await tx.rows(
      versionRow,
      'SELECT version, wrapped_key, sealed FROM record_versions WHERE record = $1 AND version < $2 ORDER BY version DESC LIMIT $3',
      // One more than the page: each entry names the digest of the one before it.
      [record, page.before ?? row.version + 1, page.limit + 1],
    )
    return { head: row, rows: listed }
  })
  const items: ListedVersion[] = []
  let isComplete = true
  let expected = (page.before ?? head.version + 1) - 1
  let digest: string | undefined
  for (const { version, wrapped_key, sealed } of rows) {
    if (version !== expected || (digest !== undefined && digestOf(sealed) !== digest)) isComplete = false
    expected = version - 1
    digest = undefined
    const entry = openEntry(recordKeys, tenant, record, version, sealed)
    if (entry === undefined) isComplete = false
    else digest = entry.previous
    if (entry !== undefined && items.length < page.limit) items.push({ version, isKept: wrapped_key !== null, entry })
  }
  const isLastPage = rows.length <= page.limit
  if (isLastPage && expected !== 0) isComplete = false
  return { items, current: head.version, isComplete, next: isLastPage ? undefined : rows[page.limit - 1]?.version }
}

/** SHA-256, hex. */
export function digestOf(sealed: Uint8Array): string {
  return createHash('sha256').update(sealed).digest('hex')
}

const partNameSchema = z.enum([...CATEGORY_KEYS, 'uncategorised', 'summary'])

function openEntry(
  recordKeys: Saving['recordKeys'],
  tenant: string,
  record: RecordId,
  version: number,
  sealed: Uint8Array,
): VersionEntry | undefined {
  try {
    return versionEntrySchema.parse(recordKeys.openEntry(tenant, record, version, sealed))
  } catch (failure) {
    if (failure instanceof RecordError) return undefined
    throw failure
  }
}

/** Removes the content of the oldest versions beyond what is kept; that they were there stays in the list. */
async function removeOldest(tx: Transaction, record: RecordId): Promise<number> {
  const kept = await tx.rows(
    keptRow,
    'SELECT version, size_bytes FROM record_versions WHERE record = $1 AND wrapped_key IS NOT NULL ORDER BY version DESC',
    [record],
  )
  let totalBytes = 0
  const removed = kept.filter(({ size_bytes }, index) => {
    totalBytes += size_bytes
    return index >= MAX_VERSIONS || (index > 1 && totalBytes > MAX_VERSION_BYTES)
  })
  const numbers = removed.map(({ version }) => version)
  if (numbers.length === 0) return 0
  await tx.run('DELETE FROM record_parts WHERE record = $1 AND version = ANY($2::bigint[])', [record, numbers])
  await tx.run('UPDATE record_versions SET wrapped_key = NULL WHERE record = $1 AND version = ANY($2::bigint[])', [record, numbers])
  return numbers.length
}
