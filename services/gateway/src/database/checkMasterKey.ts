import * as z from 'zod'
import { DatabaseError } from '../gatewayErrors.ts'
import { isSameMac } from '../keys/isSameMac.ts'
import type { Database } from './database.ts'

const row = z.object({ proof: z.instanceof(Uint8Array) })

/** How a database of an older version is recognised, and what is done to it once. */
export type Upgrade = {
  /** What an older version wrote as its proof. */
  readonly from: Uint8Array
  /** Authenticates what the older version left without an authenticator; may be begun again after a crash. */
  run(): Promise<void>
}

/**
 * Binds a database to its master key at first use, and refuses another key ever after. The proof also says that rows are authenticated:
 * only a database with the proof of an older version is upgraded, so that nobody can have rows trusted by deleting something.
 * @param proof - Keyed hash of a fixed text.
 * @throws {DatabaseError} `database/other-key`
 */
export async function checkMasterKey(database: Database, proof: Uint8Array, upgrade?: Upgrade): Promise<void> {
  const kept = await database.inShared(async (tx) => {
    await tx.run('INSERT INTO master_key (single, proof) VALUES (true, $1) ON CONFLICT (single) DO NOTHING', [proof])
    return tx.first(row, 'SELECT proof FROM master_key')
  })
  if (isSameMac(kept?.proof, proof)) return
  if (upgrade === undefined || !isSameMac(kept?.proof, upgrade.from)) throw new DatabaseError('database/other-key')
  await upgrade.run()
  await database.inShared((tx) => tx.run('UPDATE master_key SET proof = $1', [proof]))
}
