import { type Felt, feltSchema, keptRequestDetailsSchema, type RequestDetails } from '@medsync/protocol'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import { openJson, sealJson } from '../context/sealedJson.ts'
import type { Database } from '../database/database.ts'
import { RecordError } from '../gatewayErrors.ts'
import type { KeyRing } from '../keys/keyRing.ts'

/** What was filed of a request: its details, and the salt that binds them to the digest on chain. */
export type FiledRequest = {
  readonly digest: Felt
  readonly details: RequestDetails
  readonly salt: Felt
  readonly filedAtS: number
  /** Place in the order of filing. */
  readonly sequence: number
}

const sealedSchema = z.object({ details: keptRequestDetailsSchema, salt: feltSchema })
const row = z.object({ sequence: z.number(), digest: feltSchema, sealed: z.instanceof(Uint8Array), filed_at_s: z.number() })
const COLUMNS = 'sequence, digest, sealed, filed_at_s'

/** Details of requests, sealed: at a hospital those it is asked, at a research office those it makes. */
export class FiledRequests {
  readonly #database: Database
  readonly #keys: KeyRing
  readonly #clock: Clock

  constructor({ database, keys, clock }: { database: Database; keys: KeyRing; clock: Clock }) {
    this.#database = database
    this.#keys = keys
    this.#clock = clock
  }

  /** Keeps details for a tenant; the same again changes nothing. */
  async file(tenant: string, { digest, details, salt }: Pick<FiledRequest, 'digest' | 'details' | 'salt'>): Promise<void> {
    const sealed = sealJson(this.#keys.ofTenant(tenant, 'request'), { details, salt }, placeOf(digest))
    const sql = 'INSERT INTO filed_requests (digest, sealed, filed_at_s) VALUES ($1, $2, $3) ON CONFLICT (digest) DO NOTHING'
    await this.#database.inTenant(tenant, (tx) => tx.run(sql, [digest, sealed, this.#clock.nowS()]))
  }

  /** What a tenant has under these digests. */
  async find(tenant: string, digests: readonly Felt[]): Promise<Map<Felt, FiledRequest>> {
    if (digests.length === 0) return new Map()
    const sql = `SELECT ${COLUMNS} FROM filed_requests WHERE digest = ANY($1)`
    const rows = await this.#database.inTenant(tenant, (tx) => tx.rows(row, sql, [digests]))
    return new Map(rows.map((found) => [found.digest, this.#opened(tenant, found)]))
  }

  /** As `find`, for a list that people read: what can no longer be opened is left out and spoils no other. */
  async findReadable(tenant: string, digests: readonly Felt[]): Promise<Map<Felt, FiledRequest>> {
    try {
      return await this.find(tenant, digests)
    } catch (failure) {
      if (digests.length <= 1 && isDamage(failure)) return new Map()
      if (!isDamage(failure)) throw failure
      const each = await Promise.all(digests.map((digest) => this.findReadable(tenant, [digest])))
      return new Map(each.flatMap((found) => [...found]))
    }
  }

  /** All of a tenant, newest first, filed before `after`. */
  async list(tenant: string, { after, limit }: { after: number | null; limit: number }): Promise<FiledRequest[]> {
    const sql = `SELECT ${COLUMNS} FROM filed_requests WHERE sequence < $1 ORDER BY sequence DESC LIMIT $2`
    const rows = await this.#database.inTenant(tenant, (tx) => tx.rows(row, sql, [after ?? Number.MAX_SAFE_INTEGER, limit]))
    return rows.map((found) => this.#opened(tenant, found))
  }

  #opened(tenant: string, { sequence, digest, sealed, filed_at_s }: z.output<typeof row>): FiledRequest {
    const content = openJson(this.#keys.ofTenant(tenant, 'request'), sealed, placeOf(digest), sealedSchema)
    return { ...content, digest, sequence, filedAtS: filed_at_s }
  }
}

function isDamage(failure: unknown): boolean {
  return failure instanceof RecordError || failure instanceof z.ZodError || failure instanceof SyntaxError
}

function placeOf(digest: Felt): string {
  return `request|${digest}`
}
