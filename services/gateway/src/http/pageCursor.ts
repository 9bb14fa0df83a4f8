import { Buffer } from 'node:buffer'
import type * as z from 'zod'
import { InputError } from '../gatewayErrors.ts'

/** Place in a list as an opaque text, for `next`. */
export function writeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/**
 * The place that `writeCursor` wrote; undefined for the first page.
 * @throws {InputError} It was not written by us.
 */
export function readCursor<T>(cursor: string | undefined, schema: z.ZodType<T>): T | undefined {
  if (cursor === undefined) return undefined
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch (cause) {
    throw new InputError('input/invalid', 'after', { cause })
  }
}
