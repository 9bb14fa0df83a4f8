import {
  type EntryDetails,
  entryDigest,
  type Felt,
  feltSchema,
  keptEntryDetailsSchema,
  newSalt,
  type RequestId,
  requestIdSchema,
} from '@medsync/protocol'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import { openJson, sealJson } from '../context/sealedJson.ts'
import type { Database, Transaction } from '../database/database.ts'
import { RecordError } from '../gatewayErrors.ts'
import type { KeyRing } from '../keys/keyRing.ts'
import { insertRelease, type NewRelease } from './releases.ts'

/** Where a row stands: written before anything happens, found on chain, or given up for another one. */
export type JournalState = 'intended' | 'logged' | 'abandoned'

/** One decision, as it was written before anything was sent. */
export type JournalEntry = {
  readonly id: number
  readonly request: RequestId
  readonly requestDigest: Felt
  /** `entryDigest` of details and salt; what the chain has. */
  readonly digest: Felt
  readonly state: JournalState
  readonly details: EntryDetails
  readonly salt: Felt
  /** Why it was refused: a decision, or an error code; what for, when it was permitted. */
  readonly reason: string
  readonly writtenAtS: number
  readonly transaction: Felt | null
}

/** A decision about to be written. */
export type Intention = {
  readonly requestDigest: Felt
  /** Requests of other accounts under the same digest: their rows and data are left alone. */
  readonly others: readonly RequestId[]
  readonly details: EntryDetails
  readonly reason: string
  /** What is to leave; for an access only. */
  readonly release?: NewRelease | undefined
}

const sealedSchema = z.object({ details: keptEntryDetailsSchema, salt: feltSchema, reason: z.string() })
const row = z.object({
  id: z.number(),
  request: requestIdSchema,
  request_digest: feltSchema,
  digest: feltSchema,
  state: z.enum(['intended', 'logged', 'abandoned']),
  sealed: z.instanceof(Uint8Array),
  written_at_s: z.number(),
  transaction: feltSchema.nullable(),
})
const idRow = z.object({ request: requestIdSchema })
const COLUMNS = 'id, request, request_digest, digest, state, sealed, written_at_s, transaction'

/** A hospital's journal: every decision, written before anything is sent or released. */
export class Journal {
  readonly #database: Database
  readonly #keys: KeyRing
  readonly #clock: Clock

  constructor({ database, keys, clock }: { database: Database; keys: KeyRing; clock: Clock }) {
    this.#database = database
    this.#keys = keys
    this.#clock = clock
  }

  /** Writes a decision with its sealed data, and gives up every other one of the same request, in one step. */
  async intend(tenant: string, { requestDigest, others, details, reason, release }: Intention): Promise<JournalEntry> {
    const salt = newSalt()
    const digest = entryDigest(details, salt)
    const sealed = sealJson(this.#keys.ofTenant(tenant, 'journal'), { details, salt, reason }, placeOf(digest))
    const written = await this.#database.inTenant(tenant, async (tx) => {
      await abandonOthers(tx, { requestDigest, others }, digest)
      await tx.run(
        `INSERT INTO journal (request, request_digest, digest, kind, state, sealed, written_at_s)
         VALUES ($1, $2, $3, $4, 'intended', $5, $6)`,
        [details.request, requestDigest, digest, details.kind, sealed, this.#clock.nowS()],
      )
      if (release !== undefined) await insertRelease(tx, { ...release, digest, requestDigest, madeAtS: this.#clock.nowS() })
      return await tx.first(row, `SELECT ${COLUMNS} FROM journal WHERE digest = $1`, [digest])
    })
    return this.#opened(tenant, row.parse(written))
  }

  /**
   * Writes down what the chain says of a request: this entry stands, every other one is given up, and only its data may leave.
   * @param logged - Digest of the entry on chain; undefined when there is none.
   */
  async conclude(
    tenant: string,
    about: Pick<Intention, 'requestDigest' | 'others'>,
    logged: Felt | undefined,
    transaction: Felt | undefined,
  ): Promise<void> {
    await this.#database.inTenant(tenant, async (tx) => {
      await abandonOthers(tx, about, logged)
      if (logged === undefined) return
      await tx.run(`UPDATE journal SET state = 'logged', transaction = $2 WHERE digest = $1`, [logged, transaction ?? null])
      await tx.run(`UPDATE releases SET state = 'deliverable' WHERE digest = $1 AND state = 'held'`, [logged])
    })
  }

  /** Takes a row back to intended: the chain was reorganised and no longer has its entry. */
  async reopen(tenant: string, digest: Felt): Promise<void> {
    const sql = `UPDATE journal SET state = 'intended', transaction = NULL WHERE digest = $1 AND state = 'logged'`
    await this.#database.inTenant(tenant, (tx) => tx.run(sql, [digest]))
  }

  /** All decisions about a request, oldest first. */
  async entriesOf(tenant: string, requestDigest: Felt): Promise<JournalEntry[]> {
    return await this.#select(tenant, 'WHERE request_digest = $1 ORDER BY id', [requestDigest])
  }

  /** The latest decision about each of these requests that was not given up. */
  async latestOf(tenant: string, requestDigests: readonly Felt[]): Promise<Map<RequestId, JournalEntry>> {
    if (requestDigests.length === 0) return new Map()
    const entries = await this.#select(tenant, `WHERE request_digest = ANY($1) AND state <> 'abandoned' ORDER BY id`, [requestDigests])
    return new Map(entries.map((entry) => [entry.request, entry]))
  }

  /** The decisions behind these entries on chain. */
  async byDigest(tenant: string, digests: readonly Felt[]): Promise<Map<Felt, JournalEntry>> {
    if (digests.length === 0) return new Map()
    const entries = await this.#select(tenant, 'WHERE digest = ANY($1)', [digests])
    return new Map(entries.map((entry) => [entry.digest, entry]))
  }

  /** Requests with a decision of which it is not known yet what became of it. */
  async unfinished(tenant: string): Promise<RequestId[]> {
    const sql = `SELECT DISTINCT request FROM journal WHERE state = 'intended' ORDER BY request`
    const rows = await this.#database.inTenant(tenant, (tx) => tx.rows(idRow, sql))
    return rows.map(({ request }) => request)
  }

  /** All rows, newest first, below `after`. */
  async list(tenant: string, { after, limit }: { after: number | null; limit: number }): Promise<JournalEntry[]> {
    return await this.#select(tenant, 'WHERE id < $1 ORDER BY id DESC LIMIT $2', [after ?? Number.MAX_SAFE_INTEGER, limit])
  }

  async #select(tenant: string, where: string, values: readonly (number | string | readonly string[])[]): Promise<JournalEntry[]> {
    const rows = await this.#database.inTenant(tenant, (tx) => tx.rows(row, `SELECT ${COLUMNS} FROM journal ${where}`, values))
    return rows.map((found) => this.#opened(tenant, found))
  }

  #opened(tenant: string, found: z.output<typeof row>): JournalEntry {
    const content = openJson(this.#keys.ofTenant(tenant, 'journal'), found.sealed, placeOf(found.digest), sealedSchema)
    // What is sealed says which request it is about; a row that was moved to another request by hand is damaged.
    if (content.details.request !== found.request) throw new RecordError('record/damaged', placeOf(found.digest))
    return {
      id: found.id,
      request: found.request,
      requestDigest: found.request_digest,
      digest: found.digest,
      state: found.state,
      writtenAtS: found.written_at_s,
      transaction: found.transaction,
      ...content,
    }
  }
}

/** Gives up all intended rows of a request but one, and destroys what was sealed for them. */
async function abandonOthers(
  tx: Transaction,
  { requestDigest, others }: Pick<Intention, 'requestDigest' | 'others'>,
  kept: Felt | undefined,
): Promise<void> {
  const values = [requestDigest, kept ?? '', others]
  await tx.run(
    `UPDATE journal SET state = 'abandoned' WHERE request_digest = $1 AND digest <> $2 AND state = 'intended' AND NOT request = ANY($3)`,
    values,
  )
  await tx.run(
    `UPDATE releases r SET state = 'destroyed', ciphertext = NULL, encapsulated = NULL
     WHERE request_digest = $1 AND digest <> $2 AND state <> 'destroyed'
       AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.digest = r.digest AND j.request = ANY($3))`,
    values,
  )
}

function placeOf(digest: Felt): string {
  return `journal|${digest}`
}
