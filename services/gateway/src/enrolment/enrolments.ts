import type { AccountAddress, OrganisationId, RecordId } from '@medsync/protocol'
import { accountSchema, recordIdSchema } from '@medsync/protocol'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import type { Database, Transaction } from '../database/database.ts'
import { EnrolmentError, NotFoundError } from '../gatewayErrors.ts'
import { isSameMac } from '../keys/isSameMac.ts'
import { type KeyRing, keyedHash } from '../keys/keyRing.ts'
import type { Tenant, Tenants } from '../tenants/tenants.ts'
import { newEnrolmentCode, readEnrolmentCode } from './enrolmentCode.ts'
import type { Links } from './links.ts'

/** How long a code can be used, seconds. */
const CODE_S = 72 * 3_600

const idRow = z.object({ record: recordIdSchema })
const codeRow = z.object({
  code_hash: z.instanceof(Uint8Array),
  record: recordIdSchema,
  issued_by: accountSchema,
  issued_at_s: z.number(),
  expires_at_s: z.number(),
  used_at_s: z.number().nullable(),
  number: z.number().nullable(),
  mac: z.instanceof(Uint8Array).nullable(),
})
const CODE_COLUMNS = 'code_hash, record, issued_by, issued_at_s, expires_at_s, used_at_s, number, mac'
/** What the authenticator of a code covers. `number`: of the link state that the code is for, and that it is good for alone. */
type SignedCode = Omit<z.output<typeof codeRow>, 'code_hash' | 'used_at_s' | 'number' | 'mac'> & {
  readonly code_hash: Uint8Array
  readonly number: number
}

/** What codes and links are kept with. */
export type EnrolmentParts = {
  readonly database: Database
  readonly tenants: Tenants
  readonly keys: KeyRing
  readonly clock: Clock
  readonly links: Links
}

/** Links patients' accounts to records by codes that the hospital hands out. */
export class Enrolments {
  readonly #parts: EnrolmentParts

  constructor(parts: EnrolmentParts) {
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
    const { database, links } = this.#parts
    await links.change(database, tenant.slug, async (tx) => {
      await lockRecord(tx, record)
      if ((await links.ofRecords(tx, tenant.slug, [record])).size > 0) throw new EnrolmentError('record/already-linked', record)
      await tx.run('DELETE FROM enrolment_codes WHERE record = $1 AND used_at_s IS NULL', [record])
      const number = await links.advance(tx, tenant.slug, record)
      const issued = { code_hash: this.#hash(tenant, code), record, issued_by: by, issued_at_s: nowS, expires_at_s: expiresAtS, number }
      await tx.run(`INSERT INTO enrolment_codes (${CODE_COLUMNS}) VALUES ($1, $2, $3, $4, $5, NULL, $6, $7)`, [
        issued.code_hash,
        record,
        by,
        nowS,
        expiresAtS,
        number,
        this.#macOf(tenant, issued),
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
    const { database, links } = this.#parts
    const record = await links.change(database, tenant.slug, (tx) => this.#link(tx, tenant, this.#hash(tenant, typed), account))
    return { record, hospital: tenant.organisation, tenant }
  }

  /**
   * Ends the link of a record, e.g. when a code went to the wrong person.
   * @returns The account that was linked.
   * @throws {NotFoundError} The hospital has no such record, or nobody is linked to it.
   */
  async unlink(tenant: Tenant, record: RecordId): Promise<AccountAddress> {
    const { database, links } = this.#parts
    return links.change(database, tenant.slug, async (tx) => {
      await lockRecord(tx, record)
      const ended = await links.remove(tx, tenant.slug, record)
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

  async #link(tx: Transaction, tenant: Tenant, codeHash: Uint8Array, account: AccountAddress): Promise<RecordId> {
    const { clock, links } = this.#parts
    const nowS = clock.nowS()
    const code = await tx.first(codeRow, `SELECT ${CODE_COLUMNS} FROM enrolment_codes WHERE code_hash = $1 FOR UPDATE`, [codeHash])
    if (code === undefined || code.number === null || !isSameMac(code.mac, this.#macOf(tenant, { ...code, number: code.number })))
      throw new EnrolmentError('enrolment/unknown-code')
    if (code.used_at_s !== null) throw new EnrolmentError('enrolment/used')
    if (nowS >= code.expires_at_s) throw new EnrolmentError('enrolment/expired')
    if ((await links.ofRecords(tx, tenant.slug, [code.record])).size > 0) throw new EnrolmentError('record/already-linked')
    // A code that was put back after it was used, replaced or its link ended is of an older state.
    if ((await links.number(tx, tenant.slug, code.record)) !== code.number) throw new EnrolmentError('enrolment/unknown-code')
    if ((await links.ofAccount(tx, tenant.slug, account)) !== undefined) throw new EnrolmentError('enrolment/account-has-record')
    await tx.run('UPDATE enrolment_codes SET used_at_s = $2 WHERE code_hash = $1', [codeHash, nowS])
    await links.add(tx, tenant.slug, { record: code.record, account })
    return code.record
  }

  #macOf(tenant: Tenant, { code_hash, record, issued_by, issued_at_s, expires_at_s, number }: SignedCode): Uint8Array {
    const values = [Buffer.from(code_hash).toString('hex'), record, issued_by, ...[issued_at_s, expires_at_s, number].map(String)]
    return keyedHash(this.#parts.keys.ofTenant(tenant.slug, 'enrolment-code-mac'), ...values)
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
