import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type AccountAddress, type RecordId, recordIdSchema } from '@medsync/protocol'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import type { Database, Transaction } from '../database/database.ts'
import { newKey } from '../keys/seal.ts'
import type { BundleContents } from './bundleContents.ts'
import type { RecordKeys } from './recordKeys.ts'

const compress = promisify(gzip)
const recordRow = z.object({ record: recordIdSchema })

/** What saving needs. */
export type Saving = { readonly database: Database; readonly recordKeys: RecordKeys; readonly clock: Clock }

/**
 * Keeps what was read, sealed, all of it or nothing. The same patient again brings their record up to date: new content under a new key, the id and the link to an
 * account stay.
 * @param by - Account of the staff who uploaded it.
 */
export async function saveRecord(
  { database, recordKeys, clock }: Saving,
  tenant: string,
  contents: BundleContents,
  by: AccountAddress,
): Promise<{ record: RecordId; created: boolean }> {
  const patientHash = recordKeys.patientHash(tenant, contents.patientIdentifier)
  const summary = await compress(JSON.stringify(contents.summary))
  return database.inTenant(tenant, async (tx) => {
    const { record, created } = await recordOfPatient(tx, patientHash, clock.nowS())
    const key = newKey()
    await tx.run('UPDATE records SET wrapped_key = $2, uploaded_at_s = $3, uploaded_by = $4 WHERE record = $1', [
      record,
      recordKeys.wrap(tenant, record, key),
      clock.nowS(),
      by,
    ])
    await tx.run('DELETE FROM record_parts WHERE record = $1', [record])
    for (const { part, packed } of [...contents.parts, { part: 'summary' as const, packed: summary }]) {
      await tx.run('INSERT INTO record_parts (record, part, sealed) VALUES ($1, $2, $3)', [
        record,
        part,
        recordKeys.sealPart(tenant, record, part, key, packed),
      ])
    }
    return { record, created }
  })
}

/** The row of a patient, made when there is none; locked until the transaction ends, so that two uploads of one patient take turns. */
async function recordOfPatient(tx: Transaction, patientHash: Uint8Array, nowS: number): Promise<{ record: RecordId; created: boolean }> {
  const fresh = recordIdSchema.parse(randomUUID())
  const added = await tx.run(
    `INSERT INTO records (record, patient_hash, wrapped_key, created_at_s, uploaded_at_s, uploaded_by)
     VALUES ($1, $2, '', $3, $3, '') ON CONFLICT (patient_hash) DO NOTHING`,
    [fresh, patientHash, nowS],
  )
  const kept = await tx.first(recordRow, 'SELECT record FROM records WHERE patient_hash = $1 FOR UPDATE', [patientHash])
  return { record: kept?.record ?? fresh, created: added === 1 }
}
