import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type AccountAddress, accountSchema, recordIdSchema } from '@medsync/protocol'
import * as z from 'zod'
import type { Transaction } from '../database/database.ts'
import { RecordError } from '../gatewayErrors.ts'
import { identityOn } from './patientIdentity.ts'
import { dayOf, identityOfPart, putIdentifiers } from './recordOfIdentity.ts'
import { insertEntry, openVersion, takeTurn, type VersionEntry } from './recordVersions.ts'
import type { Saving } from './saveRecord.ts'
import { summarySchema } from './summaryPart.ts'

const decompress = promisify(gunzip)
const AT_ONCE = 20
const row = z.object({
  record: recordIdSchema,
  version: z.number(),
  wrapped_key: z.instanceof(Uint8Array),
  uploaded_at_s: z.number(),
  uploaded_by: accountSchema,
})
type OldRecord = z.output<typeof row>

/**
 * Brings records that were stored before versions up to date: each gets the identifiers by which it is found, and its content becomes version 1. What cannot be
 * opened stays findable by its former hash. Does nothing when there are none; can be ended at any moment and run again.
 */
export async function indexRecords(saving: Saving, tenant: string): Promise<void> {
  let handled = 1
  while (handled > 0) handled = await saving.database.inTenant(tenant, (tx) => indexSome(tx, saving, tenant))
}

async function indexSome(tx: Transaction, saving: Saving, tenant: string): Promise<number> {
  // An upload at the same moment must not go on before all are done.
  await takeTurn(tx)
  const sql = `SELECT record, version, wrapped_key, uploaded_at_s, uploaded_by FROM records WHERE NOT is_indexed ORDER BY record LIMIT $1 FOR UPDATE`
  const old = await tx.rows(row, sql, [AT_ONCE])
  for (const record of old) await indexOne(tx, saving, tenant, record)
  return old.length
}

async function indexOne(tx: Transaction, saving: Saving, tenant: string, old: OldRecord): Promise<void> {
  const { record, version } = old
  const isFound = await indexContent(tx, saving, tenant, old)
  await tx.run(`UPDATE records SET is_indexed = true, patient_hash = CASE WHEN $2 THEN NULL ELSE patient_hash END WHERE record = $1`, [
    record,
    isFound,
  ])
  const known = await tx.first(
    z.object({ version: z.number() }),
    'SELECT version FROM record_versions WHERE record = $1 AND version = $2',
    [record, version],
  )
  if (known !== undefined) return
  // It cannot be opened, but it was there.
  const entry = entryOf(old, { name: '', birthDate: '', resources: 0, categories: [] })
  await insertEntry(tx, { record, version, wrappedKey: null, sizeBytes: 0 }, saving.recordKeys.sealEntry(tenant, record, version, entry))
}

/** @returns Whether the record is now found by identifiers with a system. */
async function indexContent(tx: Transaction, saving: Saving, tenant: string, old: OldRecord): Promise<boolean> {
  const { recordKeys, clock } = saving
  const { record, version } = old
  const opened = await openAll(tx, saving, tenant, old)
  if (opened === undefined) return false
  const { key, parts } = opened
  const demographics = parts.find(({ part }) => part === 'demographics')
  const summary = parts.find(({ part }) => part === 'summary')
  if (summary === undefined) return false
  const shown = summarySchema.parse(JSON.parse((await decompress(summary.packed)).toString('utf8')))
  const contentDigest = recordKeys.contentDigest(tenant, parts)
  const entry = { ...entryOf(old, shown), contentDigest, isUnversioned: key.isUnversioned }
  const sizeBytes = parts.reduce((sum, { packed }) => sum + packed.length, 0)
  const sealed = recordKeys.sealEntry(tenant, record, version, entry)
  await insertEntry(tx, { record, version, wrappedKey: recordKeys.wrapVersion(tenant, key), sizeBytes }, sealed)
  const stored = demographics === undefined ? undefined : await identityOfPart(demographics.packed)
  if (stored === undefined) return false
  const identity = identityOn(stored, dayOf(clock.nowS()))
  await putIdentifiers(tx, saving, tenant, { record, isWhole: true, identity, contentDigest })
  return identity.identifiers.length > 0
}

async function openAll(tx: Transaction, saving: Saving, tenant: string, { record, version, wrapped_key }: OldRecord) {
  try {
    const key = saving.recordKeys.unwrapCurrent(tenant, record, version, wrapped_key)
    return { key, parts: await openVersion(tx, saving, tenant, key) }
  } catch (failure) {
    if (failure instanceof RecordError) return undefined
    throw failure
  }
}

function entryOf(
  { uploaded_at_s: madeAtS, uploaded_by: by }: { uploaded_at_s: number; uploaded_by: AccountAddress },
  {
    name,
    birthDate,
    resources,
    categories,
  }: Pick<VersionEntry, 'name' | 'birthDate' | 'resources'> & { categories: readonly VersionEntry['categories'][number][] },
): VersionEntry {
  return {
    how: 'upload',
    by,
    madeAtS,
    fromVersion: null,
    reason: null,
    confirmed: [],
    name,
    birthDate,
    resources,
    categories: [...categories],
    contentDigest: null,
    isUnversioned: true,
    previous: '',
  }
}
