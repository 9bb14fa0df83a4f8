import * as z from 'zod'
import { fromBase58, isBase58Of32, toBase58 } from './base58.ts'

/** An id or key as Calimero writes it. */
export const base58IdSchema = z.string().refine(isBase58Of32, 'An id of 32 bytes in base58.')

/** A key in the circle as the app and the engines write it: 64 lower-case hex digits. */
export function executorOf(base58Key: string): string {
  return Buffer.from(fromBase58(base58Key) ?? []).toString('hex')
}

/** The same as Calimero writes it. */
export function base58Of(executor: string): string {
  return toBase58(Buffer.from(executor, 'hex'))
}
