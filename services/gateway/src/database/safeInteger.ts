import { DatabaseError } from '../gatewayErrors.ts'

/**
 * A bigint column as a number.
 * @throws {DatabaseError} It is beyond 2^53, where a number would be wrong.
 */
export function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new DatabaseError('database/unsafe-number')
  return value
}
