import { setTimeout as sleep } from 'node:timers/promises'
import { Pool, type PoolClient, types } from 'pg'
import * as z from 'zod'
import { DatabaseError } from '../gatewayErrors.ts'
import { type Database, SHARED_SCHEMA, type Transaction, tenantSchema } from './database.ts'
import { safeInteger } from './safeInteger.ts'
import { sqlTransaction } from './sqlTransaction.ts'
import { unnested } from './unnested.ts'
import { WriterLock, type WriterLockOptions } from './writerLock.ts'

const CONNECTIONS = 10
const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 30_000
/** A server that does not say within this time that it has ended a statement is not there, or its connection is not. */
const READ_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000
/** How long `isAlive` waits for the server. */
const ALIVE_MS = 2_000

const heldRow = z.object({ held: z.boolean() })

/**
 * Uses a Postgres server, when it is this gateway's turn: waits while another one holds the database (`WriterLock`).
 * @throws {DatabaseError} `database/unreachable`, `database/no-session`, or `database/standby-ended` when it was told to stop meanwhile.
 */
export async function openPostgres(
  address: string,
  options: WriterLockOptions & { /** How long an answer may take, milliseconds. */ readonly readTimeoutMs?: number } = {},
): Promise<Database> {
  const url = withoutName(address)
  const lock = await WriterLock.acquire(url, options)
  const onLost = (cause: Error): void => options.onConnectionLost?.(cause)
  const pool = new Pool({
    connectionString: url,
    application_name: lock.applicationName,
    keepAlive: true,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: options.readTimeoutMs ?? READ_TIMEOUT_MS,
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
      return inTransaction(client, lock, schema, work)
    })
  let closing: Promise<void> | undefined
  return {
    engine: 'postgres',
    inTenant: (slug, work) => inSchema(tenantSchema(slug), work),
    inShared: (work) => inSchema(SHARED_SCHEMA, work),
    isAlive: async () => {
      if (!lock.isHeld) return false
      const answered = pool.query('SELECT 1').then(
        () => lock.isHeld,
        () => false,
      )
      return await Promise.race([answered, sleep(ALIVE_MS, false, { ref: false })])
    },
    requireWriter: () => lock.requireFresh(),
    close: () => {
      closing ??= pool.end().finally(() => lock.release())
      return closing
    },
  }
}

/** A connection that fails within a transaction is closed rather than given back, so that nothing half-done is ever reused. */
async function inTransaction<T>(client: PoolClient, lock: WriterLock, schema: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const run = async (sql: string, values: readonly unknown[] = []) => client.query(sql, [...values]).catch(rethrow)
  let broken: Error | undefined
  try {
    await run('BEGIN')
    const { sql: fence, values } = lock.fence(2)
    const { rows } = await run(`SELECT set_config('search_path', $1, true), ${fence} AS held`, [`"${schema}"`, ...values])
    if (!heldRow.parse(rows[0]).held) throw lock.lose()
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
    // A server that is away rolls back by itself.
    if (failure instanceof DatabaseError && failure.code === 'database/unreachable') broken = failure
    else
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
    /terminated|not queryable|Connection ended|Query read timeout/.test(failure.message)
  ) {
    throw new DatabaseError('database/unreachable', '', { cause: failure })
  }
  throw failure
}

/** By the name of its connections a gateway is told from another one: none that stands in the address counts. */
function withoutName(address: string): string {
  const url = new URL(address)
  if (!url.searchParams.has('application_name')) return address
  url.searchParams.delete('application_name')
  return url.href
}
