import { timingSafeEqual } from 'node:crypto'
import * as z from 'zod'
import { DatabaseError } from '../gatewayErrors.ts'
import type { Database } from './database.ts'

const row = z.object({ proof: z.instanceof(Uint8Array) })

/**
 * Binds a database to its master key at first use, and refuses another key ever after.
 * @param proof - Keyed hash of a fixed text.
 * @throws {DatabaseError} `database/other-key`
 */
export async function checkMasterKey(database: Database, proof: Uint8Array): Promise<void> {
  const kept = await database.inShared(async (tx) => {
    await tx.run('INSERT INTO master_key (single, proof) VALUES (true, $1) ON CONFLICT (single) DO NOTHING', [proof])
    return tx.first(row, 'SELECT proof FROM master_key')
  })
  if (kept === undefined || !timingSafeEqual(kept.proof, proof)) throw new DatabaseError('database/other-key')
}
