import { type AccountAddress, type OrganisationId, organisationIdSchema } from '@medsync/protocol'
import * as z from 'zod'
import type { Database } from '../database/database.ts'
import { type Key, type KeyRing, keyedHash } from '../keys/keyRing.ts'

const row = z.object({ hospital: organisationIdSchema })

/** Hospitals that other gateways serve and of which a patient said that they hold a record of theirs. */
export class ConfirmedHospitals {
  readonly #database: Database
  readonly #hashKey: Key

  constructor({ database, keys }: { readonly database: Database; readonly keys: KeyRing }) {
    this.#database = database
    this.#hashKey = keys.shared('context-hash')
  }

  /** Those of one patient. */
  async of(patient: AccountAddress): Promise<OrganisationId[]> {
    const sql = 'SELECT hospital FROM context_hospitals WHERE patient_hash = $1 ORDER BY hospital'
    const rows = await this.#database.inShared((tx) => tx.rows(row, sql, [this.#hashOf(patient)]))
    return rows.map(({ hospital }) => hospital)
  }

  /** Notes one; the same again changes nothing. */
  async add(patient: AccountAddress, hospital: OrganisationId): Promise<void> {
    const sql = 'INSERT INTO context_hospitals (patient_hash, hospital) VALUES ($1, $2) ON CONFLICT DO NOTHING'
    await this.#database.inShared((tx) => tx.run(sql, [this.#hashOf(patient), hospital]))
  }

  /** Forgets one: it gets no further terms; those it has it keeps. */
  async remove(patient: AccountAddress, hospital: OrganisationId): Promise<void> {
    const sql = 'DELETE FROM context_hospitals WHERE patient_hash = $1 AND hospital = $2'
    await this.#database.inShared((tx) => tx.run(sql, [this.#hashOf(patient), hospital]))
  }

  #hashOf(patient: AccountAddress): Uint8Array {
    return keyedHash(this.#hashKey, 'patient', patient)
  }
}
