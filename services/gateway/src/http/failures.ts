import { type ErrorCode, errorAnswerSchema, errorWords } from '@medsync/protocol'
import type * as z from 'zod'

/** Failures that any route can answer with. */
const EVERYWHERE: readonly ErrorCode[] = ['input/invalid', 'rate/too-many', 'server/internal', 'database/unreachable']

/**
 * The error answers of a route for its `response` schema, by status, each naming its codes in the OpenAPI document.
 * @example
 * schema: { response: { 200: sessionSchema, ...failures('auth/nonce-unknown') } }
 */
export function failures(...codes: ErrorCode[]): Record<number, z.ZodType> {
  const byStatus = Map.groupBy([...codes, ...EVERYWHERE], (code) => errorWords[code].status ?? 500)
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      errorAnswerSchema.describe(group.map((code) => `\`${code}\`: ${errorWords[code].what}`).join('\n\n')),
    ]),
  )
}

/** Failures of every route behind a guard. */
export const GUARDED = [
  'auth/required',
  'auth/token-invalid',
  'auth/token-expired',
  'auth/suspended',
  'auth/forbidden',
  'chain/behind',
] as const
