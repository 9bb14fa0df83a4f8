import {
  type AccountAddress,
  accountSchema,
  type CaseId,
  type CaseStatus,
  caseIdSchema,
  caseStatusSchema,
  type RecordId,
  recordIdSchema,
} from '@medsync/protocol'
import * as z from 'zod'
import { openJson, sealJson } from '../context/sealedJson.ts'
import type { Database } from '../database/database.ts'
import type { Key, KeyRing } from '../keys/keyRing.ts'

const sealedSchema = z.object({ status: caseStatusSchema, by: accountSchema, atS: z.number() })
const row = z.object({ case_id: caseIdSchema, record: recordIdSchema, created_at_s: z.number(), sealed: z.instanceof(Uint8Array) })

/** What the database knows of a case: that there is one, of which record, and where it stands. */
export type CaseRow = { readonly case: CaseId; readonly record: RecordId; readonly createdAtS: number; readonly status: CaseStatus }

/** Who set a status, and when. */
export type StatusChange = { readonly status: CaseStatus; readonly by: AccountAddress; readonly atS: number }

/** The rows of cases. Nothing clinical: that is in the vault. */
export class CaseRows {
  readonly #database: Database
  readonly #keys: KeyRing

  constructor({ database, keys }: { readonly database: Database; readonly keys: KeyRing }) {
    this.#database = database
    this.#keys = keys
  }

  /** All cases of a tenant. */
  async all(tenant: string): Promise<CaseRow[]> {
    const rows = await this.#database.inTenant(tenant, (tx) => tx.rows(row, 'SELECT case_id, record, created_at_s, sealed FROM cases'))
    return rows.map(({ case_id, record, created_at_s, sealed }) => {
      const { status } = openJson(this.#key(tenant), sealed, placeOf(case_id), sealedSchema)
      return { case: case_id, record, createdAtS: created_at_s, status }
    })
  }

  /** Adds one; there already, it stays as it is. */
  async insert(tenant: string, { case: id, record, createdAtS }: Omit<CaseRow, 'status'>, change: StatusChange): Promise<void> {
    const sql = 'INSERT INTO cases (case_id, record, created_at_s, sealed) VALUES ($1, $2, $3, $4) ON CONFLICT (case_id) DO NOTHING'
    await this.#database.inTenant(tenant, (tx) => tx.run(sql, [id, record, createdAtS, this.#seal(tenant, id, change)]))
  }

  /** Sets where one stands. */
  async setStatus(tenant: string, id: CaseId, change: StatusChange): Promise<void> {
    const sealed = this.#seal(tenant, id, change)
    await this.#database.inTenant(tenant, (tx) => tx.run('UPDATE cases SET sealed = $2 WHERE case_id = $1', [id, sealed]))
  }

  #seal(tenant: string, id: CaseId, change: StatusChange): Uint8Array {
    return sealJson(this.#key(tenant), change, placeOf(id))
  }

  #key(tenant: string): Key {
    return this.#keys.ofTenant(tenant, 'case-row')
  }
}

function placeOf(id: CaseId): string {
  return `case-row|${id}`
}
