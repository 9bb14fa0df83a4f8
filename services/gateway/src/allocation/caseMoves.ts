import { accountSchema, type CaseId, caseIdSchema, movingBodySchema } from '@medsync/protocol'
import * as z from 'zod'
import { openJson, sealJson } from '../context/sealedJson.ts'
import type { Database, Transaction } from '../database/database.ts'
import { type KeyRing, keyedHash } from '../keys/keyRing.ts'

const heldSchema = z.object({ specialist: z.string(), fromS: z.number(), toS: z.number(), rank: z.number(), by: accountSchema })
const moveSchema = z.object({
  moving: movingBodySchema,
  /** Specialists, of whichever hospital, whose offer was declined for this case. */ declined: z.array(z.string()),
  /** An accepted offer. */ held: heldSchema.nullable(),
})
/** What allocation knows of a case beyond its rank. */
export type CaseMove = z.output<typeof moveSchema>

const row = z.object({ case_id: caseIdSchema, sealed: z.instanceof(Uint8Array) })
const PSEUDONYM_BYTES = 8
/** Nobody is moved who was not asked. */
const UNASKED: CaseMove = { moving: { facility: null, mayBeMoved: false, maxKm: null }, declined: [], held: null }

/** Where the cases of the hospitals served here are, what their patients agreed to, and what they were given; sealed, one row each. */
export class CaseMoves {
  readonly #database: Database
  readonly #keys: KeyRing

  constructor({ database, keys }: { readonly database: Database; readonly keys: KeyRing }) {
    this.#database = database
    this.#keys = keys
  }

  /** All that are not as they were at first. */
  async all(tenant: string): Promise<Map<CaseId, CaseMove>> {
    const rows = await this.#database.inTenant(tenant, (tx) => tx.rows(row, 'SELECT case_id, sealed FROM case_moves'))
    return new Map(rows.map(({ case_id, sealed }) => [case_id, this.#open(tenant, case_id, sealed)]))
  }

  /** One of them. */
  async of(tenant: string, caseId: CaseId): Promise<CaseMove> {
    return await this.#database.inTenant(tenant, (tx) => this.#find(tx, tenant, caseId))
  }

  /** Changes one, alone. */
  async change(tenant: string, caseId: CaseId, change: (move: CaseMove) => CaseMove): Promise<void> {
    await this.#database.inTenant(tenant, async (tx) => {
      const changed = change(await this.#find(tx, tenant, caseId))
      const sealed = sealJson(this.#keys.ofTenant(tenant, 'case-move'), changed, placeOf(caseId))
      const sql = 'INSERT INTO case_moves (case_id, sealed) VALUES ($1, $2) ON CONFLICT (case_id) DO UPDATE SET sealed = excluded.sealed'
      await tx.run(sql, [caseId, sealed])
    })
  }

  /** What other hospitals know a case by: always the same, and nothing that leads back to it without the tenant's key. */
  pseudonymOf(tenant: string, caseId: CaseId): string {
    const hash = keyedHash(this.#keys.ofTenant(tenant, 'case-pseudonym'), caseId)
    return Buffer.from(hash.subarray(0, PSEUDONYM_BYTES)).toString('hex')
  }

  async #find(tx: Transaction, tenant: string, caseId: CaseId): Promise<CaseMove> {
    const found = await tx.first(row, 'SELECT case_id, sealed FROM case_moves WHERE case_id = $1 FOR UPDATE', [caseId])
    return found === undefined ? UNASKED : this.#open(tenant, caseId, found.sealed)
  }

  #open(tenant: string, caseId: CaseId, sealed: Uint8Array): CaseMove {
    return openJson(this.#keys.ofTenant(tenant, 'case-move'), sealed, placeOf(caseId), moveSchema)
  }
}

function placeOf(caseId: CaseId): string {
  return `case-move|${caseId}`
}
