import { mkdir } from 'node:fs/promises'
import { PGlite, types } from '@electric-sql/pglite'
import { DatabaseError } from '../gatewayErrors.ts'
import { type Database, SHARED_SCHEMA, type Transaction, tenantSchema } from './database.ts'
import { lockDirectory } from './lockDirectory.ts'
import { safeInteger } from './safeInteger.ts'
import { sqlTransaction } from './sqlTransaction.ts'
import { unnested } from './unnested.ts'

/**
 * Opens the embedded database in a folder of its own; the first opening takes some seconds. What is committed survives the end of the process at any moment.
 * @throws {DatabaseError} `database/in-use`: another process has the folder open.
 */
export async function openPglite(directory: string): Promise<Database> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const unlock = lockDirectory(directory)
  const engine = await PGlite.create({ dataDir: directory, parsers: { [types.INT8]: safeInteger } }).catch((cause) => {
    unlock()
    throw new DatabaseError('database/unreachable', 'cannot be opened', { cause })
  })
  const inSchema = <T>(schema: string, work: (tx: Transaction) => Promise<T>): Promise<T> =>
    unnested(() =>
      engine.transaction(async (raw) => {
        await raw.exec(`SET LOCAL search_path TO "${schema}"`)
        return work(
          sqlTransaction(
            async (sql, values) => {
              const { rows, affectedRows } = await raw.query(sql, [...values])
              return { rows, touched: affectedRows ?? rows.length }
            },
            async (sql) => {
              await raw.exec(sql)
            },
          ),
        )
      }),
    )
  let closing: Promise<void> | undefined
  return {
    engine: 'pglite',
    inTenant: (slug, work) => inSchema(tenantSchema(slug), work),
    inShared: (work) => inSchema(SHARED_SCHEMA, work),
    isAlive: async () => !engine.closed,
    // The folder belongs to this process.
    requireWriter: async () => undefined,
    close: () => {
      closing ??= engine.close().then(unlock)
      return closing
    },
  }
}
