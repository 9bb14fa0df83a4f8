import {
  type CatalogueEntry,
  ContextConflictError,
  type ContextOptions,
  type FiledTerms,
  type NewFiledTerms,
  type Page,
  type PageRequest,
  type PrivateContext,
} from '@medsync/context'
import {
  type AccountAddress,
  accountSchema,
  type Commitment,
  commitmentSchema,
  consentTermsSchema,
  type OrganisationId,
  organisationIdSchema,
  recordIdSchema,
  saltsSchema,
} from '@medsync/protocol'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import type { Database } from '../database/database.ts'
import { type Key, type KeyRing, keyedHash } from '../keys/keyRing.ts'
import { BoundedCache } from './boundedCache.ts'
import { openJson, sealJson } from './sealedJson.ts'

const filedSchema = z.object({
  commitment: commitmentSchema,
  patient: accountSchema,
  terms: consentTermsSchema,
  salts: saltsSchema,
  nonce: z.string(),
  replaces: commitmentSchema.optional(),
})
const catalogueSchema = z.object({ hospital: organisationIdSchema, record: recordIdSchema, patient: accountSchema })

const termsRow = z.object({
  sequence: z.number().int(),
  commitment: commitmentSchema,
  sealed: z.instanceof(Uint8Array),
  content_hash: z.instanceof(Uint8Array),
  filed_at_s: z.number().int(),
})
const catalogueRow = z.object({ hospital: z.string(), record: z.string(), sealed: z.instanceof(Uint8Array) })
const TERMS_COLUMNS = 'sequence, commitment, sealed, content_hash, filed_at_s'
/** Opened terms that stay in memory; they never change. */
const CACHED_TERMS = 20_000

/** What the context needs. */
export type DatabaseContextOptions = { readonly database: Database; readonly keys: KeyRing; readonly clock: Clock }

/**
 * The private context in the gateway's own database: one copy, for the organisations served here. Sealed at rest; patients, grantees and
 * contents are found by keyed hashes only.
 */
export class DatabaseContext implements PrivateContext {
  readonly #database: Database
  readonly #clock: Clock
  readonly #sealKey: Key
  readonly #hashKey: Key
  readonly #cache = new BoundedCache<Commitment, FiledTerms>(CACHED_TERMS)

  constructor({ database, keys, clock }: DatabaseContextOptions) {
    this.#database = database
    this.#clock = clock
    this.#sealKey = keys.shared('context-seal')
    this.#hashKey = keys.shared('context-hash')
  }

  async fileTerms(filed: NewFiledTerms, options?: ContextOptions): Promise<FiledTerms> {
    options?.signal?.throwIfAborted()
    const content = filedSchema.parse(filed)
    const contentHash = keyedHash(this.#hashKey, 'content', JSON.stringify(content))
    const kept = await this.#database.inShared(async (tx) => {
      await tx.run(
        `INSERT INTO context_terms (commitment, patient_hash, grantee_hash, content_hash, sealed, filed_at_s)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (commitment) DO NOTHING`,
        [
          filed.commitment,
          this.#hashOf('patient', filed.patient),
          this.#hashOf('grantee', filed.terms.grantee),
          contentHash,
          sealJson(this.#sealKey, content, `terms|${filed.commitment}`),
          this.#clock.nowS(),
        ],
      )
      return await tx.first(termsRow, `SELECT ${TERMS_COLUMNS} FROM context_terms WHERE commitment = $1`, [filed.commitment])
    })
    if (kept === undefined || Buffer.compare(kept.content_hash, contentHash) !== 0) throw new ContextConflictError()
    return this.#opened(kept)
  }

  async termsByCommitment(commitment: Commitment, options?: ContextOptions): Promise<FiledTerms | undefined> {
    options?.signal?.throwIfAborted()
    const cached = this.#cache.get(commitment)
    if (cached !== undefined) return cached
    const sql = `SELECT ${TERMS_COLUMNS} FROM context_terms WHERE commitment = $1`
    const kept = await this.#database.inShared((tx) => tx.first(termsRow, sql, [commitment]))
    return kept === undefined ? undefined : this.#opened(kept)
  }

  async termsOfPatient(patient: AccountAddress, page: PageRequest, options?: ContextOptions): Promise<Page<FiledTerms>> {
    return await this.#page('patient_hash', this.#hashOf('patient', patient), page, options)
  }

  async termsForGrantee(grantee: OrganisationId, page: PageRequest, options?: ContextOptions): Promise<Page<FiledTerms>> {
    return await this.#page('grantee_hash', this.#hashOf('grantee', grantee), page, options)
  }

  async putCatalogueEntry(entry: CatalogueEntry, options?: ContextOptions): Promise<void> {
    options?.signal?.throwIfAborted()
    const sealed = sealJson(this.#sealKey, catalogueSchema.parse(entry), `catalogue|${entry.hospital}|${entry.record}`)
    await this.#database.inShared((tx) =>
      tx.run(
        `INSERT INTO context_catalogue (hospital, record, patient_hash, sealed) VALUES ($1, $2, $3, $4)
         ON CONFLICT (hospital, record) DO UPDATE SET patient_hash = EXCLUDED.patient_hash, sealed = EXCLUDED.sealed`,
        [entry.hospital, entry.record, this.#hashOf('patient', entry.patient), sealed],
      ),
    )
  }

  async removeCatalogueEntry({ hospital, record }: Pick<CatalogueEntry, 'hospital' | 'record'>, options?: ContextOptions): Promise<void> {
    options?.signal?.throwIfAborted()
    await this.#database.inShared((tx) => tx.run('DELETE FROM context_catalogue WHERE hospital = $1 AND record = $2', [hospital, record]))
  }

  async catalogueOf(patient: AccountAddress, options?: ContextOptions): Promise<CatalogueEntry[]> {
    options?.signal?.throwIfAborted()
    const sql = 'SELECT hospital, record, sealed FROM context_catalogue WHERE patient_hash = $1 ORDER BY hospital, record'
    const rows = await this.#database.inShared((tx) => tx.rows(catalogueRow, sql, [this.#hashOf('patient', patient)]))
    return rows.map((row) => openJson(this.#sealKey, row.sealed, `catalogue|${row.hospital}|${row.record}`, catalogueSchema))
  }

  async #page(
    column: 'patient_hash' | 'grantee_hash',
    hash: Uint8Array,
    { after, limit }: PageRequest,
    options?: ContextOptions,
  ): Promise<Page<FiledTerms>> {
    options?.signal?.throwIfAborted()
    const sql = `SELECT ${TERMS_COLUMNS} FROM context_terms WHERE ${column} = $1 AND sequence < $2 ORDER BY sequence DESC LIMIT $3`
    const rows = await this.#database.inShared((tx) => tx.rows(termsRow, sql, [hash, after ?? Number.MAX_SAFE_INTEGER, limit + 1]))
    const items = rows.slice(0, limit).map((row) => this.#opened(row))
    return { items, next: rows.length > limit ? (items.at(-1)?.sequence ?? null) : null }
  }

  #opened(row: z.output<typeof termsRow>): FiledTerms {
    const cached = this.#cache.get(row.commitment)
    if (cached !== undefined) return cached
    const content = openJson(this.#sealKey, row.sealed, `terms|${row.commitment}`, filedSchema)
    const filed = { ...content, replaces: content.replaces, sequence: row.sequence, filedAtS: row.filed_at_s }
    this.#cache.set(row.commitment, filed)
    return filed
  }

  #hashOf(kind: string, id: string): Uint8Array {
    return keyedHash(this.#hashKey, kind, id)
  }
}
