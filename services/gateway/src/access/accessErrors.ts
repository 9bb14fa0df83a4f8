import { type ErrorCode, MedsyncError } from '@medsync/protocol'

/** A request that cannot be filed, answered or fetched as asked. */
export class RequestError extends MedsyncError {
  override readonly name = 'RequestError'
  constructor(code: Extract<ErrorCode, `request/${string}` | `release/${string}`>, details = '', options?: ErrorOptions) {
    super(code, details, options)
  }
}
