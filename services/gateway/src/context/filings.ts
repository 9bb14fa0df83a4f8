import type { NewFiledTerms } from '@medsync/context'
import type { AccountAddress, Commitment } from '@medsync/protocol'
import { commitmentSchema } from '@medsync/protocol'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import type { Database } from '../database/database.ts'
import { RecordError } from '../gatewayErrors.ts'
import { type Key, type KeyRing, keyedHash } from '../keys/keyRing.ts'
import { open, seal } from '../keys/seal.ts'
import { contentOf, readContent } from './filedContent.ts'

const row = z.object({
  sequence: z.number().int(),
  commitment: commitmentSchema,
  sealed: z.instanceof(Uint8Array),
  filed_at_s: z.number().int(),
  seat: z.string().nullable(),
  circle: z.string().nullable(),
})
const COLUMNS = 'sequence, commitment, sealed, filed_at_s, seat, circle'

/** Our own copy of terms that were filed here. */
export type Filing = {
  /** Place among our own. */
  readonly sequence: number
  readonly filed: NewFiledTerms
  readonly filedAtS: number
  /** Tenant in whose name it is in the context. */
  readonly seat: string | undefined
  /** The context that has it. */
  readonly circle: string | undefined
}

/**
 * What patients filed through this gateway, sealed, found by keyed hashes only. The private context is what everybody reads; from here it is
 * mended when it was away, and filled anew when there is another one.
 */
export class Filings {
  readonly #database: Database
  readonly #clock: Clock
  readonly #sealKey: Key
  readonly #hashKey: Key

  constructor({ database, keys, clock }: { readonly database: Database; readonly keys: KeyRing; readonly clock: Clock }) {
    this.#database = database
    this.#clock = clock
    this.#sealKey = keys.shared('context-seal')
    this.#hashKey = keys.shared('context-hash')
  }

  /** Keeps terms; those kept before under their commitment stay as they are. @returns What is kept. */
  async keep(filed: NewFiledTerms): Promise<Filing> {
    const content = contentOf(filed)
    const kept = await this.#database.inShared(async (tx) => {
      await tx.run(
        `INSERT INTO context_terms (commitment, patient_hash, content_hash, sealed, filed_at_s)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (commitment) DO NOTHING`,
        [
          filed.commitment,
          this.#hashOf('patient', filed.patient),
          this.#hashOf('content', content),
          seal(this.#sealKey, new TextEncoder().encode(content), `terms|${filed.commitment}`),
          this.#clock.nowS(),
        ],
      )
      return await tx.rows(row, `SELECT ${COLUMNS} FROM context_terms WHERE commitment = $1`, [filed.commitment])
    })
    return kept.map((each) => this.#opened(each))[0] ?? notKept()
  }

  /** The copy under a commitment. */
  async find(commitment: Commitment): Promise<Filing | undefined> {
    const kept = await this.#database.inShared((tx) =>
      tx.first(row, `SELECT ${COLUMNS} FROM context_terms WHERE commitment = $1`, [commitment]),
    )
    return kept === undefined ? undefined : this.#opened(kept)
  }

  /** All that a patient filed here. */
  async ofPatient(patient: AccountAddress): Promise<Filing[]> {
    const sql = `SELECT ${COLUMNS} FROM context_terms WHERE patient_hash = $1 ORDER BY sequence`
    const kept = await this.#database.inShared((tx) => tx.rows(row, sql, [this.#hashOf('patient', patient)]))
    return kept.map((each) => this.#opened(each))
  }

  /** What a patient filed here in the last seconds. */
  async lately(patient: AccountAddress, seconds: number): Promise<Filing[]> {
    const sql = `SELECT ${COLUMNS} FROM context_terms WHERE patient_hash = $1 AND filed_at_s > $2 ORDER BY sequence`
    const since = this.#clock.nowS() - seconds
    const kept = await this.#database.inShared((tx) => tx.rows(row, sql, [this.#hashOf('patient', patient), since]))
    return kept.map((each) => this.#opened(each))
  }

  /**
   * What a context does not have yet as far as we know, oldest first; goes on after a `sequence`. One that no longer opens has no filing: it
   * keeps no other from being filed.
   */
  async missingIn(circle: string, after: number, limit: number): Promise<{ sequence: number; filing: Filing | undefined }[]> {
    const sql = `SELECT ${COLUMNS} FROM context_terms WHERE circle IS DISTINCT FROM $1 AND sequence > $2 ORDER BY sequence LIMIT $3`
    const kept = await this.#database.inShared((tx) => tx.rows(row, sql, [circle, after, limit]))
    return kept.map((each) => ({ sequence: each.sequence, filing: this.#openedIfWhole(each) }))
  }

  /** Notes that a context has them, in whose name. */
  async confirm(commitment: Commitment, circle: string, seat: string): Promise<void> {
    await this.#database.inShared((tx) =>
      tx.run('UPDATE context_terms SET circle = $2, seat = $3 WHERE commitment = $1', [commitment, circle, seat]),
    )
  }

  /** All have to be looked at again: whom they are to be sealed to has changed. */
  async doubt(): Promise<void> {
    await this.#database.inShared((tx) => tx.run('UPDATE context_terms SET circle = NULL WHERE circle IS NOT NULL'))
  }

  #openedIfWhole(each: z.output<typeof row>): Filing | undefined {
    try {
      return this.#opened(each)
    } catch (failure) {
      if (failure instanceof RecordError) return undefined
      throw failure
    }
  }

  #opened({ sequence, commitment, sealed, filed_at_s, seat, circle }: z.output<typeof row>): Filing {
    const filed = readContent(open(this.#sealKey, sealed, `terms|${commitment}`).toString('utf8'))
    if (filed === undefined) throw new RecordError('record/damaged', `terms|${commitment}`)
    return { sequence, filed, filedAtS: filed_at_s, seat: seat ?? undefined, circle: circle ?? undefined }
  }

  #hashOf(kind: string, id: string): Uint8Array {
    return keyedHash(this.#hashKey, kind, id)
  }
}

function notKept(): never {
  throw new RangeError('what was just kept is not there')
}
