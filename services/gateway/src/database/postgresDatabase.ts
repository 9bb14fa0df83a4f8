import { Pool, type PoolClient, types } from 'pg'
import { DatabaseError } from '../gatewayErrors.ts'
import { type Database, SHARED_SCHEMA, type Transaction, tenantSchema } from './database.ts'
import { safeInteger } from './safeInteger.ts'
import { sqlTransaction } from './sqlTransaction.ts'
import { unnested } from './unnested.ts'

const CONNECTIONS = 10
const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 30_000

/** Uses a Postgres server. @param onLost - Told when the server drops a connection. */
export function openPostgres(url: string, onLost: (cause: Error) => void): Database {
  const pool = new Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    types: { getTypeParser: (oid, format) => (oid === types.builtins.INT8 ? safeInteger : types.getTypeParser(oid, format)) },
  })
  pool.on('error', onLost)
  // A connection in use that breaks tells its statement and this; unheard, it would end the process.
  pool.on('connect', (client) => client.on('error', onLost))
  const inSchema = <T>(schema: string, work: (tx: Transaction) => Promise<T>): Promise<T> =>
    unnested(async () => {
      const client = await pool.connect().catch((cause) => {
        throw new DatabaseError('database/unreachable', '', { cause })
      })
      return inTransaction(client, schema, work)
    })
  let closing: Promise<void> | undefined
  return {
    engine: 'postgres',
    inTenant: (slug, work) => inSchema(tenantSchema(slug), work),
    inShared: (work) => inSchema(SHARED_SCHEMA, work),
    isAlive: () =>
      pool.query('SELECT 1').then(
        () => true,
        () => false,
      ),
    close: () => {
      closing ??= pool.end()
      return closing
    },
  }
}

/** A connection that fails within a transaction is closed rather than given back, so that nothing half-done is ever reused. */
async function inTransaction<T>(client: PoolClient, schema: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const run = async (sql: string, values: readonly unknown[] = []) => client.query(sql, [...values]).catch(rethrow)
  let broken: Error | undefined
  try {
    await run('BEGIN')
    await run(`SET LOCAL search_path TO "${schema}"`)
    const result = await work(
      sqlTransaction(
        async (sql, values) => {
          const { rows, rowCount } = await run(sql, values)
          return { rows, touched: rowCount ?? 0 }
        },
        async (sql) => {
          await client.query(sql).catch(rethrow)
        },
      ),
    )
    await run('COMMIT')
    return result
  } catch (failure) {
    await client.query('ROLLBACK').catch((cause: Error) => {
      broken = cause
    })
    throw failure
  } finally {
    client.release(broken)
  }
}

/** SQL states of class 08 and 57P, and socket failures, mean that the server is away; all else is ours. */
function rethrow(failure: Error & { code?: string }): never {
  const code = failure.code ?? ''
  if (
    /^(08|57P)/.test(code) ||
    /^E(CONN|PIPE|HOST|TIMEDOUT)/.test(code) ||
    /terminated|not queryable|Connection ended/.test(failure.message)
  ) {
    throw new DatabaseError('database/unreachable', '', { cause: failure })
  }
  throw failure
}
