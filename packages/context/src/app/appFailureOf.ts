import { ApplicationError } from '../engine/engineErrors.ts'
import { type AppFailure, appFailureSchema } from '../generated/appMethods.ts'

/**
 * Why the app refused a call, when that is what went wrong.
 * @param error - Whatever was thrown.
 * @example
 * if (appFailureOf(error)?.kind === 'TermsConflict') return refuse()
 */
export function appFailureOf(error: unknown): AppFailure | undefined {
  if (!(error instanceof ApplicationError)) return undefined
  return appFailureSchema.safeParse({ kind: error.kind, data: error.data }).data
}
