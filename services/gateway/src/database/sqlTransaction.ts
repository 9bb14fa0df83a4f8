import type * as z from 'zod'
import type { SqlValue, Transaction } from './database.ts'

/** What an engine must offer to make a transaction of: rows as plain objects, and how many were touched. */
export type Execute = (sql: string, values: readonly SqlValue[]) => Promise<{ rows: unknown[]; touched: number }>

/** Wraps an engine's statements so that every row is parsed. */
export function sqlTransaction(execute: Execute, script: (sql: string) => Promise<void>): Transaction {
  const rows = async <T>(row: z.ZodType<T>, sql: string, values: readonly SqlValue[] = []): Promise<T[]> =>
    (await execute(sql, values)).rows.map((raw) => row.parse(raw))
  return {
    rows,
    first: async (row, sql, values) => (await rows(row, sql, values))[0],
    run: async (sql, values = []) => (await execute(sql, values)).touched,
    script,
  }
}
