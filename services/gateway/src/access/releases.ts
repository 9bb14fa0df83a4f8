import { type AccountAddress, type Commitment, type Felt, feltSchema } from '@medsync/protocol'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import type { Database, Transaction } from '../database/database.ts'
import { type KeyRing, keyedHash } from '../keys/keyRing.ts'

/** Data sealed to a researcher's key, about to be written with its journal row. */
export type NewRelease = {
  readonly consentHash: Uint8Array
  readonly consentExpiresAtS: number
  readonly encapsulated: Uint8Array
  readonly ciphertext: Uint8Array
  /** SHA-256 of the ciphertext, hex. */
  readonly sha256: string
}

/** Data that may leave while its consent stands; undefined bytes when it was destroyed. */
export type KeptRelease = {
  readonly digest: Felt
  readonly state: 'held' | 'deliverable' | 'destroyed'
  readonly encapsulated: Uint8Array | null
  readonly ciphertext: Uint8Array | null
  readonly sha256: string
  readonly madeAtS: number
  /** When it first left; null when it never did. */
  readonly firstDeliveredAtS: number | null
}

const bytes = z.instanceof(Uint8Array)
const row = z
  .object({
    digest: feltSchema,
    state: z.enum(['held', 'deliverable', 'destroyed']),
    encapsulated: bytes.nullable(),
    ciphertext: bytes.nullable(),
    sha256: z.string(),
    made_at_s: z.number(),
    first_delivered_at_s: z.number().nullable(),
  })
  .transform(({ made_at_s: madeAtS, first_delivered_at_s: firstDeliveredAtS, ...kept }) => ({ ...kept, madeAtS, firstDeliveredAtS }))
const sizeRow = z.object({ request_digest: feltSchema, size_bytes: z.number() })
const digestRow = z.object({ digest: feltSchema })
const DESTROY = `UPDATE releases SET state = 'destroyed', ciphertext = NULL, encapsulated = NULL WHERE state <> 'destroyed' AND`

/** Inserts sealed data in the transaction that writes its journal row. It is held until the chain has the entry. */
export async function insertRelease(
  tx: Transaction,
  release: NewRelease & { readonly digest: Felt; readonly requestDigest: Felt; readonly madeAtS: number },
): Promise<void> {
  await tx.run(
    `INSERT INTO releases (digest, request_digest, state, consent_hash, consent_expires_at_s, encapsulated, ciphertext, sha256, size_bytes, made_at_s)
     VALUES ($1, $2, 'held', $3, $4, $5, $6, $7, $8, $9)`,
    [
      release.digest,
      release.requestDigest,
      release.consentHash,
      release.consentExpiresAtS,
      release.encapsulated,
      release.ciphertext,
      release.sha256,
      release.ciphertext.length,
      release.madeAtS,
    ],
  )
}

/** A hospital's sealed data on its way to researchers. */
export class Releases {
  readonly #database: Database
  readonly #keys: KeyRing
  readonly #clock: Clock

  constructor({ database, keys, clock }: { database: Database; keys: KeyRing; clock: Clock }) {
    this.#database = database
    this.#keys = keys
    this.#clock = clock
  }

  /** Name under which data of a consent is found again, when the consent ends. */
  consentHash(tenant: string, patient: AccountAddress, commitment: Commitment): Uint8Array {
    return keyedHash(this.#keys.ofTenant(tenant, 'release-consent'), patient, commitment)
  }

  /** The sealed data behind an entry. */
  async find(tenant: string, digest: Felt): Promise<KeptRelease | undefined> {
    const sql = 'SELECT digest, state, encapsulated, ciphertext, sha256, made_at_s, first_delivered_at_s FROM releases WHERE digest = $1'
    return await this.#database.inTenant(tenant, (tx) => tx.first(row, sql, [digest]))
  }

  /** Sizes of what is there, by the request's digest; it can be fetched once the chain has the request settled. */
  async sizes(tenant: string, requestDigests: readonly Felt[]): Promise<Map<Felt, number>> {
    if (requestDigests.length === 0) return new Map()
    const sql = `SELECT request_digest, size_bytes FROM releases WHERE request_digest = ANY($1) AND state <> 'destroyed'`
    const rows = await this.#database.inTenant(tenant, (tx) => tx.rows(sizeRow, sql, [requestDigests]))
    return new Map(rows.map(({ request_digest, size_bytes }) => [request_digest, size_bytes]))
  }

  /** Counts a delivery before its bytes leave. False when it must not leave: it was destroyed meanwhile. */
  async countDelivery(tenant: string, digest: Felt): Promise<boolean> {
    const sql = `UPDATE releases SET deliveries = deliveries + 1, first_delivered_at_s = COALESCE(first_delivered_at_s, $2)
                 WHERE digest = $1 AND state = 'deliverable'`
    return (await this.#database.inTenant(tenant, (tx) => tx.run(sql, [digest, this.#clock.nowS()]))) === 1
  }

  /** Destroys one; for good. */
  async destroy(tenant: string, digest: Felt): Promise<void> {
    await this.#database.inTenant(tenant, (tx) => tx.run(`${DESTROY} digest = $1`, [digest]))
  }

  /** Destroys all that rests on a consent; returns how many. */
  async destroyOfConsent(tenant: string, patient: AccountAddress, commitment: Commitment): Promise<number> {
    const hash = this.consentHash(tenant, patient, commitment)
    return await this.#database.inTenant(tenant, (tx) => tx.run(`${DESTROY} consent_hash = $1`, [hash]))
  }

  /** Destroys all whose consent is over by now; returns how many. */
  async destroyOverdue(tenant: string, nowS: number): Promise<number> {
    return await this.#database.inTenant(tenant, (tx) => tx.run(`${DESTROY} consent_expires_at_s <= $1`, [nowS]))
  }

  /** Entries whose data is still there. */
  async live(tenant: string): Promise<Felt[]> {
    const rows = await this.#database.inTenant(tenant, (tx) => tx.rows(digestRow, `SELECT digest FROM releases WHERE state <> 'destroyed'`))
    return rows.map(({ digest }) => digest)
  }
}
