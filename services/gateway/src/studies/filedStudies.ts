import { type Felt, feltSchema, keptStudyDetailsSchema, type StudyDetails } from '@medsync/protocol'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import { openJson, sealJson } from '../context/sealedJson.ts'
import type { Database } from '../database/database.ts'
import type { KeyRing } from '../keys/keyRing.ts'

const sealedSchema = z.object({ details: keptStudyDetailsSchema, salt: feltSchema })
const row = z.object({ hash: feltSchema, sealed: z.instanceof(Uint8Array) })

/** Descriptions of a research office's studies, sealed, by the salted hash that stands on chain. */
export class FiledStudies {
  readonly #database: Database
  readonly #keys: KeyRing
  readonly #clock: Clock

  constructor({ database, keys, clock }: { database: Database; keys: KeyRing; clock: Clock }) {
    this.#database = database
    this.#keys = keys
    this.#clock = clock
  }

  /** Keeps a description; the same again changes nothing. */
  async file(tenant: string, study: { hash: Felt; details: StudyDetails; salt: Felt }): Promise<void> {
    const { hash, ...content } = study
    const sealed = sealJson(this.#keys.ofTenant(tenant, 'study'), content, placeOf(hash))
    const sql = 'INSERT INTO filed_studies (hash, sealed, filed_at_s) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING'
    await this.#database.inTenant(tenant, (tx) => tx.run(sql, [hash, sealed, this.#clock.nowS()]))
  }

  /** The descriptions that a tenant keeps under these hashes. */
  async find(tenant: string, hashes: readonly Felt[]): Promise<Map<Felt, StudyDetails>> {
    if (hashes.length === 0) return new Map()
    const sql = 'SELECT hash, sealed FROM filed_studies WHERE hash = ANY($1)'
    const rows = await this.#database.inTenant(tenant, (tx) => tx.rows(row, sql, [hashes]))
    const key = this.#keys.ofTenant(tenant, 'study')
    return new Map(rows.map(({ hash, sealed }) => [hash, openJson(key, sealed, placeOf(hash), sealedSchema).details]))
  }
}

function placeOf(hash: Felt): string {
  return `study|${hash}`
}
