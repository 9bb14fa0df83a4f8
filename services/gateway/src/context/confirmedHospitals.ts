import { type AccountAddress, type OrganisationId, organisationIdSchema } from '@medsync/protocol'
import * as z from 'zod'
import type { Database, Transaction } from '../database/database.ts'
import { isSameMac } from '../keys/isSameMac.ts'
import { type Key, type KeyRing, keyedHash } from '../keys/keyRing.ts'

const bytes = z.instanceof(Uint8Array)
const row = z.object({ hospital: organisationIdSchema, mac: bytes.nullable() })
const unsignedRow = z.object({ patient_hash: bytes, hospital: organisationIdSchema })

/**
 * Hospitals that other gateways serve and of which a patient said that they hold a record of theirs. Each row is authenticated: a hospital
 * that somebody writes into the table without the master key gets no terms.
 */
export class ConfirmedHospitals {
  readonly #database: Database
  readonly #hashKey: Key
  readonly #macKey: Key

  constructor({ database, keys }: { readonly database: Database; readonly keys: KeyRing }) {
    this.#database = database
    this.#hashKey = keys.shared('context-hash')
    this.#macKey = keys.shared('confirmed-hospital-mac')
  }

  /** Those of one patient. */
  async of(patient: AccountAddress): Promise<OrganisationId[]> {
    const sql = 'SELECT hospital, mac FROM context_hospitals WHERE patient_hash = $1 ORDER BY hospital'
    const hash = this.#hashOf(patient)
    const rows = await this.#database.inShared((tx) => tx.rows(row, sql, [hash]))
    return rows.filter(({ hospital, mac }) => isSameMac(mac, this.#macOf(hash, hospital))).map(({ hospital }) => hospital)
  }

  /** Notes one; the same again changes nothing. */
  async add(patient: AccountAddress, hospital: OrganisationId): Promise<void> {
    const hash = this.#hashOf(patient)
    const sql = `INSERT INTO context_hospitals (patient_hash, hospital, mac) VALUES ($1, $2, $3)
                 ON CONFLICT (patient_hash, hospital) DO UPDATE SET mac = EXCLUDED.mac`
    await this.#database.inShared((tx) => tx.run(sql, [hash, hospital, this.#macOf(hash, hospital)]))
  }

  /** Forgets one: it gets no further terms; those it has it keeps. */
  async remove(patient: AccountAddress, hospital: OrganisationId): Promise<void> {
    const sql = 'DELETE FROM context_hospitals WHERE patient_hash = $1 AND hospital = $2'
    await this.#database.inShared((tx) => tx.run(sql, [this.#hashOf(patient), hospital]))
  }

  /** Authenticates rows that an older version wrote. Called once in the life of a database: it trusts what is there. */
  async trustExisting(tx: Transaction): Promise<void> {
    for (const { patient_hash, hospital } of await tx.rows(
      unsignedRow,
      'SELECT patient_hash, hospital FROM context_hospitals WHERE mac IS NULL',
    ))
      await tx.run('UPDATE context_hospitals SET mac = $3 WHERE patient_hash = $1 AND hospital = $2', [
        patient_hash,
        hospital,
        this.#macOf(patient_hash, hospital),
      ])
  }

  #macOf(patientHash: Uint8Array, hospital: OrganisationId): Uint8Array {
    return keyedHash(this.#macKey, Buffer.from(patientHash).toString('hex'), hospital)
  }

  #hashOf(patient: AccountAddress): Uint8Array {
    return keyedHash(this.#hashKey, 'patient', patient)
  }
}
