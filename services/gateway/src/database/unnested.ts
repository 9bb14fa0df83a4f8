import { AsyncLocalStorage } from 'node:async_hooks'
import { DatabaseError } from '../gatewayErrors.ts'

const open = new AsyncLocalStorage<true>()

/**
 * Runs a transaction, and refuses to open one inside another: the embedded engine has one connection and would wait for itself for ever.
 * @throws {DatabaseError} `database/nested`
 */
export async function unnested<T>(transaction: () => Promise<T>): Promise<T> {
  if (open.getStore()) throw new DatabaseError('database/nested')
  return open.run(true, transaction)
}
