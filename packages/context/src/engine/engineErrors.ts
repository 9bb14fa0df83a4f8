import { type EngineErrorCode, engineErrorWords } from './engineErrorWords.ts'

/** Base of every failure of an engine: a code for machines, what happened, what to do. Names of methods and members, never contents. */
export abstract class EngineError extends Error {
  abstract override readonly name: string
  readonly code: EngineErrorCode
  readonly what: string
  readonly hint: string

  /** @param details - Names and numbers that help to find the case; put before the hint. */
  constructor(code: EngineErrorCode, details = '', options?: ErrorOptions) {
    const words = engineErrorWords[code]
    const what = details === '' ? words.what : `${words.what} (${details})`
    super(`${what} ${words.hint}`, options)
    this.code = code
    this.what = what
    this.hint = words.hint
  }
}

/** The app said no, for a reason of its own: `kind` names it, `data` is what the app adds. `errorWords` of the protocol has words for each. */
export class ApplicationError extends EngineError {
  override readonly name = 'ApplicationError'
  readonly kind: string
  readonly data: unknown
  constructor(method: string, kind: string, data: unknown) {
    super('context/application', `${method}: ${kind}`)
    this.kind = kind
    this.data = data
  }
}

/** There is no such method, or it is not for callers. */
export class MethodUnknownError extends EngineError {
  override readonly name = 'MethodUnknownError'
  /** @param method - Shown when it could be a name at all. */
  constructor(method: string) {
    super('context/method-unknown', /^\w{1,64}$/.test(method) ? method : '')
  }
}

/** The arguments are not those of the method. */
export class ArgumentError extends EngineError {
  override readonly name = 'ArgumentError'
  /** @param reason - In words that hold no value: `missing field "patient"`. */
  constructor(method: string, reason: string) {
    super('context/argument', `${method}: ${reason}`)
  }
}

/** An answer of the app is not what its ABI says: another app is installed than the one that this program knows. */
export class AnswerError extends EngineError {
  override readonly name = 'AnswerError'
  /** @param place - Where in the answer; the answer itself is in no words. */
  constructor(method: string, place: string) {
    super('context/answer', place === '' ? method : `${method}: ${place}`)
  }
}

/** The app stopped in the middle: a defect of the app, or of a caller who is not one of ours. */
export class TrapError extends EngineError {
  override readonly name = 'TrapError'
  readonly #words: string
  /**
   * @param place - Where in the app, or which kind of trap.
   * @param words - What the app said at its end. May hold contents; so it is in no message and no print of this error.
   */
  constructor(method: string, place: string, words = '') {
    super('context/trap', `${method}: ${place}`)
    this.#words = words
  }

  /** What the app said at its end, for a developer's eyes: it may hold contents, so never log it. */
  words(): string {
    return this.#words
  }
}

/** One of the runtime's limits was passed. */
export class LimitError extends EngineError {
  override readonly name = 'LimitError'
  /** Which: `storage value`, `events`, ... */
  readonly limit: string
  /** What it allows, in the unit the name says, bytes where it says none. */
  readonly most: number
  constructor(method: string, limit: string, most: number) {
    super('context/limit', `${method}: ${limit}, at most ${most}`)
    this.limit = limit
    this.most = most
  }
}

/** The call ran longer than it may, for instance forever. */
export class TimeoutError extends EngineError {
  override readonly name = 'TimeoutError'
  constructor(method: string, limitMs: number) {
    super('context/timeout', `${method}: ${limitMs} ms`)
  }
}

/** The circle has no state yet. */
export class NotInitialisedError extends EngineError {
  override readonly name = 'NotInitialisedError'
  constructor() {
    super('context/not-initialised')
  }
}

/** The circle has a state, and keeps it. */
export class AlreadyInitialisedError extends EngineError {
  override readonly name = 'AlreadyInitialisedError'
  constructor() {
    super('context/already-initialised')
  }
}

/** Nobody here has that name. */
export class UnknownMemberError extends EngineError {
  override readonly name = 'UnknownMemberError'
  /** @param member - Shown when it could be a name at all. */
  constructor(member: string) {
    super('context/unknown-member', /^[\w-]{1,80}$/.test(member) ? member : '')
  }
}

/** What keeps a call from being kept. */
export type StorageReason = 'full' | 'failed' | 'damaged' | 'in-use'

/** The call could not be kept, or what was kept cannot be read. */
export class StorageError extends EngineError {
  override readonly name = 'StorageError'
  readonly reason: StorageReason
  constructor(reason: StorageReason, details = '', options?: ErrorOptions) {
    super(`context/storage-${reason}`, details, options)
    this.reason = reason
  }
}

/** What was given cannot be a store key. */
export class StoreKeyError extends EngineError {
  override readonly name = 'StoreKeyError'
  constructor(sizeBytes: number) {
    super('context/store-key', `${sizeBytes}`)
  }
}

/** The app wants something of its host that the runtime does not have, or is no WASM at all. */
export class UnsupportedAppError extends EngineError {
  override readonly name = 'UnsupportedAppError'
  constructor(details: string, options?: ErrorOptions) {
    super('context/unsupported-app', details, options)
  }
}

/** A reader of events was too slow for them. */
export class EventsMissedError extends EngineError {
  override readonly name = 'EventsMissedError'
  constructor() {
    super('context/events-missed')
  }
}

/** The engine was closed. */
export class EngineClosedError extends EngineError {
  override readonly name = 'EngineClosedError'
  constructor() {
    super('context/closed')
  }
}
