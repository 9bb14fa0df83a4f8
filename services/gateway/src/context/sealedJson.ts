import type * as z from 'zod'
import type { Key } from '../keys/keyRing.ts'
import { open, seal } from '../keys/seal.ts'

/** Seals a value as JSON; bigints do not occur in what is sealed this way. */
export function sealJson(key: Key, value: unknown, place: string): Uint8Array {
  return seal(key, new TextEncoder().encode(JSON.stringify(value)), place)
}

/**
 * Opens what `sealJson` made and checks its shape.
 * @throws {RecordError} `record/damaged`
 */
export function openJson<T>(key: Key, sealed: Uint8Array, place: string, shape: z.ZodType<T>): T {
  return shape.parse(JSON.parse(open(key, sealed, place).toString('utf8')))
}
