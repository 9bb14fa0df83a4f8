import type { AccountAddress, OrganisationId, RecordId } from '@medsync/protocol'
import { accountSchema, recordIdSchema } from '@medsync/protocol'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import type { Database, Transaction } from '../database/database.ts'
import { EnrolmentError, NotFoundError } from '../gatewayErrors.ts'
import { type KeyRing, keyedHash } from '../keys/keyRing.ts'
import type { Tenant, Tenants } from '../tenants/tenants.ts'
import { newEnrolmentCode, readEnrolmentCode } from './enrolmentCode.ts'

/** How long a code can be used, seconds. */
const CODE_S = 72 * 3_600

const idRow = z.object({ record: recordIdSchema })
const codeRow = z.object({ record: recordIdSchema, expires_at_s: z.number(), used_at_s: z.number().nullable() })
const linkRow = z.object({ record: recordIdSchema, account: accountSchema })

/** Links patients' accounts to records by codes that the hospital hands out. */
export class Enrolments {
  readonly #parts: { readonly database: Database; readonly tenants: Tenants; readonly keys: KeyRing; readonly clock: Clock }

  constructor(parts: { database: Database; tenants: Tenants; keys: KeyRing; clock: Clock }) {
    this.#parts = parts
  }

  /**
   * A new code for a record, in the only moment when it can be read; earlier unused ones of the record end.
   * @throws {NotFoundError} The hospital has no such record. @throws {EnrolmentError} `record/already-linked`
   */
  async issue(tenant: Tenant, record: RecordId, by: AccountAddress): Promise<{ code: string; expiresAtS: number }> {
    const code = newEnrolmentCode()
    const nowS = this.#parts.clock.nowS()
    const expiresAtS = nowS + CODE_S
    await this.#parts.database.inTenant(tenant.slug, async (tx) => {
      await lockRecord(tx, record)
      const linked = await tx.first(linkRow, 'SELECT record, account FROM links WHERE record = $1', [record])
      if (linked !== undefined) throw new EnrolmentError('record/already-linked', record)
      await tx.run('DELETE FROM enrolment_codes WHERE record = $1 AND used_at_s IS NULL', [record])
      await tx.run('INSERT INTO enrolment_codes (code_hash, record, issued_by, issued_at_s, expires_at_s) VALUES ($1, $2, $3, $4, $5)', [
        this.#hash(tenant, code),
        record,
        by,
        nowS,
        expiresAtS,
      ])
    })
    return { code, expiresAtS }
  }

  /**
   * Uses a code: links the account to the record, once.
   * @throws {EnrolmentError} `enrolment/unknown-code`, `enrolment/used`, `enrolment/expired`, `record/already-linked`, `enrolment/account-has-record`
   */
  async redeem(typed: string, account: AccountAddress): Promise<{ record: RecordId; hospital: OrganisationId; tenant: Tenant }> {
    const tenant = await this.#tenantOf(typed)
    if (tenant === undefined) throw new EnrolmentError('enrolment/unknown-code')
    const record = await this.#parts.database.inTenant(tenant.slug, (tx) => this.#link(tx, this.#hash(tenant, typed), account))
    return { record, hospital: tenant.organisation, tenant }
  }

  /**
   * Ends the link of a record, e.g. when a code went to the wrong person.
   * @returns The account that was linked.
   * @throws {NotFoundError} The hospital has no such record, or nobody is linked to it.
   */
  async unlink(tenant: Tenant, record: RecordId): Promise<AccountAddress> {
    return this.#parts.database.inTenant(tenant.slug, async (tx) => {
      await lockRecord(tx, record)
      const ended = await tx.first(linkRow, 'DELETE FROM links WHERE record = $1 RETURNING record, account', [record])
      if (ended === undefined) throw new EnrolmentError('record/not-linked', record)
      return ended.account
    })
  }

  /** Asks every hospital, found or not, so that the answer takes as long for a code of nobody as for anybody's. */
  async #tenantOf(typed: string): Promise<Tenant | undefined> {
    const { database, tenants } = this.#parts
    const known = await Promise.all(
      tenants.hospitals.map((tenant) =>
        database.inTenant(tenant.slug, (tx) =>
          tx.first(idRow, 'SELECT record FROM enrolment_codes WHERE code_hash = $1', [this.#hash(tenant, typed)]),
        ),
      ),
    )
    return tenants.hospitals[known.findIndex((row) => row !== undefined)]
  }

  async #link(tx: Transaction, codeHash: Uint8Array, account: AccountAddress): Promise<RecordId> {
    const nowS = this.#parts.clock.nowS()
    const code = await tx.first(codeRow, 'SELECT record, expires_at_s, used_at_s FROM enrolment_codes WHERE code_hash = $1 FOR UPDATE', [
      codeHash,
    ])
    if (code === undefined) throw new EnrolmentError('enrolment/unknown-code')
    if (code.used_at_s !== null) throw new EnrolmentError('enrolment/used')
    if (nowS >= code.expires_at_s) throw new EnrolmentError('enrolment/expired')
    const taken = await tx.rows(linkRow, 'SELECT record, account FROM links WHERE record = $1 OR account = $2', [code.record, account])
    if (taken.some(({ record }) => record === code.record)) throw new EnrolmentError('record/already-linked')
    if (taken.length > 0) throw new EnrolmentError('enrolment/account-has-record')
    await tx.run('UPDATE enrolment_codes SET used_at_s = $2 WHERE code_hash = $1', [codeHash, nowS])
    const linked = await tx.run('INSERT INTO links (record, account, linked_at_s) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      code.record,
      account,
      nowS,
    ])
    if (linked === 0) throw new EnrolmentError('enrolment/account-has-record')
    return code.record
  }

  /** What is no code at all is hashed like one, and found nowhere. */
  #hash(tenant: Tenant, typed: string): Uint8Array {
    return keyedHash(this.#parts.keys.ofTenant(tenant.slug, 'enrolment-code'), readEnrolmentCode(typed) ?? 'malformed')
  }
}

async function lockRecord(tx: Transaction, record: RecordId): Promise<void> {
  const row = await tx.first(idRow, 'SELECT record FROM records WHERE record = $1 FOR UPDATE', [record])
  if (row === undefined) throw new NotFoundError('record/other-hospital', record)
}
