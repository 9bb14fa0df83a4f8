import type { StorageReason } from '../../engine/engineErrors.ts'
import { CallFailure } from '../failure.ts'

/** Codes of a file system that has no room left. */
const FULL = new Set<unknown>(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** What a file system's failure means for the call. */
export function storageFailure(cause: unknown): CallFailure {
  if (cause instanceof CallFailure) return cause
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return storage(FULL.has(code) ? 'full' : 'failed', typeof code === 'string' ? code : '')
}

/** A failure of storage with its reason; details are names of files and codes. */
export function storage(reason: StorageReason, details: string): CallFailure {
  return new CallFailure({ is: 'storage', reason, details })
}
