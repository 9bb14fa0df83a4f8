import { type AccountAddress, accountSchema, type Felt, feltSchema } from '@medsync/protocol'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import { openJson, sealJson } from '../context/sealedJson.ts'
import type { Database } from '../database/database.ts'
import type { KeyRing } from '../keys/keyRing.ts'

/** What a patient has to say of an entry. */
export type FiledDispute = { readonly patient: AccountAddress; readonly text: string; readonly salt: Felt }

const sealedSchema = z.object({ patient: accountSchema, text: z.string(), salt: feltSchema })
const row = z.object({ statement: feltSchema, sealed: z.instanceof(Uint8Array) })

/** Statements about entries of a hospital, sealed, by the salted hash that stands on chain. */
export class FiledDisputes {
  readonly #database: Database
  readonly #keys: KeyRing
  readonly #clock: Clock

  constructor({ database, keys, clock }: { database: Database; keys: KeyRing; clock: Clock }) {
    this.#database = database
    this.#keys = keys
    this.#clock = clock
  }

  /** Keeps a statement; the same again changes nothing. */
  async file(tenant: string, statement: Felt, dispute: FiledDispute): Promise<void> {
    const sealed = sealJson(this.#keys.ofTenant(tenant, 'dispute'), dispute, placeOf(statement))
    const sql = 'INSERT INTO filed_disputes (statement, sealed, filed_at_s) VALUES ($1, $2, $3) ON CONFLICT (statement) DO NOTHING'
    await this.#database.inTenant(tenant, (tx) => tx.run(sql, [statement, sealed, this.#clock.nowS()]))
  }

  /** The statements that a hospital's gateway keeps under these hashes. */
  async find(tenant: string, statements: readonly Felt[]): Promise<Map<Felt, FiledDispute>> {
    if (statements.length === 0) return new Map()
    const sql = 'SELECT statement, sealed FROM filed_disputes WHERE statement = ANY($1)'
    const rows = await this.#database.inTenant(tenant, (tx) => tx.rows(row, sql, [statements]))
    const key = this.#keys.ofTenant(tenant, 'dispute')
    return new Map(rows.map(({ statement, sealed }) => [statement, openJson(key, sealed, placeOf(statement), sealedSchema)]))
  }
}

function placeOf(statement: Felt): string {
  return `dispute|${statement}`
}
