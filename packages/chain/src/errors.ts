import { type ErrorCode, MedsyncError } from '@medsync/protocol'

/** The node did not answer, not in time, or with what is no answer: nothing can be said about the chain now. */
export class ChainUnreachableError extends MedsyncError {
  override readonly name = 'ChainUnreachableError'
  constructor(details = '', options?: ErrorOptions) {
    super('chain/unreachable', details, options)
  }
}

/** The answer of the node is larger than anything that was asked for can be. */
export class AnswerTooLargeError extends MedsyncError {
  override readonly name = 'AnswerTooLargeError'
  constructor(details: string) {
    super('chain/answer-too-large', details)
  }
}

/** A contract of ours emitted what this version has no shape for. */
export class UnknownEventError extends MedsyncError {
  override readonly name = 'UnknownEventError'
  constructor(details: string, options?: ErrorOptions) {
    super('chain/unknown-event', details, options)
  }
}

/** The node answered with an error that is none of a contract's. */
export class ChainFailureError extends MedsyncError {
  override readonly name = 'ChainFailureError'
  /** Number of the JSON-RPC error; undefined when there was none. */
  readonly rpcCode: number | undefined
  constructor(details: string, rpcCode?: number, options?: ErrorOptions, code: ErrorCode = 'chain/unknown-failure') {
    super(code, details, options)
    this.rpcCode = rpcCode
  }
}

/** The person declined in the wallet. */
export class RejectedByUserError extends MedsyncError {
  override readonly name = 'RejectedByUserError'
  constructor(options?: ErrorOptions) {
    super('chain/rejected-by-user', '', options)
  }
}
