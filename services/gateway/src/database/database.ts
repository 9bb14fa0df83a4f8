import type * as z from 'zod'

/** What a statement takes: bytes go to bytea, JSON goes in as text (`$1::jsonb`). */
export type SqlValue = string | number | bigint | boolean | null | Uint8Array | readonly string[] | readonly number[]

/**
 * One transaction. Every row is parsed, so that what the code sees is what the schema says.
 * bigint columns come as numbers (an unsafe one is an error), numeric as strings, bytea as bytes.
 */
export type Transaction = {
  /** All rows of a statement. */
  rows<T>(row: z.ZodType<T>, sql: string, values?: readonly SqlValue[]): Promise<T[]>
  /** The first row, if there is one. */
  first<T>(row: z.ZodType<T>, sql: string, values?: readonly SqlValue[]): Promise<T | undefined>
  /** Runs a statement; gives how many rows it touched. */
  run(sql: string, values?: readonly SqlValue[]): Promise<number>
  /** Runs several statements without values; for migrations. */
  script(sql: string): Promise<void>
}

/**
 * The gateway's database: one schema for what all tenants share, one for each tenant. A unit of work is a transaction in one schema and sees
 * no other; it is committed whole or not at all, and is never opened inside another one (`database/nested`).
 */
export type Database = {
  /** Which engine answers: embedded PGlite, or a Postgres server. */
  readonly engine: 'pglite' | 'postgres'
  /** Runs `work` in the schema of one tenant. */
  inTenant<T>(slug: string, work: (tx: Transaction) => Promise<T>): Promise<T>
  /** Runs `work` in the schema that belongs to no tenant: sessions, cursor of the chain, consents. */
  inShared<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /** Whether it answers now, and this gateway is the one that writes. */
  isAlive(): Promise<boolean>
  /**
   * To be awaited right before something is sent elsewhere that cannot be taken back, such as a transaction that pays.
   * @throws {DatabaseError} `database/lock-lost` or `database/unreachable`: another gateway has taken over, or may have.
   */
  requireWriter(): Promise<void>
  /** Waits for what runs, then closes; once more does nothing more. */
  close(): Promise<void>
}

/** Name of the schema of a tenant. */
export function tenantSchema(slug: string): string {
  return `t_${slug.replaceAll('-', '_')}`
}

/** Name of the schema that all tenants share. */
export const SHARED_SCHEMA = 'shared'
