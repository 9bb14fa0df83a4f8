import type { StorageReason } from '../engine/engineErrors.ts'

/** Why a call failed, as it crosses from the worker thread: plain data, made into one of the engine's errors on the other side. */
export type Failure =
  | { readonly is: 'application'; readonly json: string }
  | { readonly is: 'method-unknown' }
  | { readonly is: 'argument'; readonly reason: string }
  | { readonly is: 'trap'; readonly place: string; readonly words: string }
  | { readonly is: 'limit'; readonly limit: string; readonly most: number }
  | { readonly is: 'not-initialised' }
  | { readonly is: 'already-initialised' }
  | { readonly is: 'storage'; readonly reason: StorageReason; readonly details: string }

/** Carries a failure out of a host function, through the running app. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure'
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure.is)
    this.failure = failure
  }
}

/** The app went over a limit of the runtime. */
export function overLimit(limit: string, most: number): CallFailure {
  return new CallFailure({ is: 'limit', limit, most })
}

/** The app did what the runtime does not allow. */
export function broken(place: string): CallFailure {
  return new CallFailure({ is: 'trap', place, words: '' })
}
