import { type ErrorCode, type IdentityDifference, MedsyncError } from '@medsync/protocol'

/** Something in a request is malformed; `details` names the field, never its value. */
export class InputError extends MedsyncError {
  override readonly name = 'InputError'
}

/** There is nothing under that id, or it is not the caller's to see. */
export class NotFoundError extends MedsyncError {
  override readonly name = 'NotFoundError'
  constructor(code: ErrorCode = 'input/not-found', details = '') {
    super(code, details)
  }
}

/** Not signed in, or not with the right account. */
export class AuthError extends MedsyncError {
  override readonly name = 'AuthError'
}

/** A Bundle that cannot be taken, or a record that cannot be opened. */
export class RecordError extends MedsyncError {
  override readonly name = 'RecordError'
  /** Which entry or part it is about; never what stands in it. */
  readonly details: string

  constructor(code: ErrorCode, details = '', options?: ErrorOptions) {
    super(code, details, options)
    this.details = details
  }
}

/** An upload that staff have to confirm: its identifiers lead to a record of a patient whose details differ. */
export class IdentityDiffersError extends MedsyncError {
  override readonly name = 'IdentityDiffersError'
  /** What the answer tells: ids, and what differs by name of the field. */
  readonly identity: IdentityDifference

  constructor(identity: IdentityDifference) {
    super('record/identity-differs', identity.differs.join(', '))
    this.identity = identity
  }
}

/** An enrolment code or link that cannot be used. */
export class EnrolmentError extends MedsyncError {
  override readonly name = 'EnrolmentError'
}

/** Too many tries in too short a time. */
export class RateLimitError extends MedsyncError {
  override readonly name = 'RateLimitError'
  /** Seconds until the next try may succeed, where that is known. */
  readonly retryAfterS: number | undefined

  constructor(code: 'rate/too-many' | 'consent/too-many-drafts' = 'rate/too-many', retryAfterS?: number) {
    super(code)
    this.retryAfterS = retryAfterS
  }
}

/** The gateway cannot decide because it does not know what the chain says now. */
export class ChainUnavailableError extends MedsyncError {
  override readonly name = 'ChainUnavailableError'
  constructor(code: 'chain/unreachable' | 'chain/behind', options?: ErrorOptions) {
    super(code, '', options)
  }
}

/** The database is not there, is somebody else's, or was asked in a way that cannot work. */
export class DatabaseError extends MedsyncError {
  override readonly name = 'DatabaseError'
}

/** A file or variable that the gateway starts from is missing or malformed. */
export class ConfigurationError extends MedsyncError {
  override readonly name = 'ConfigurationError'
}
