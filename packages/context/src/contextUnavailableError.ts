import { MedsyncError } from '@medsync/protocol'

/** The private context cannot be reached, or not be written: nothing is known to have been changed, and everything may be sent again. */
export class ContextUnavailableError extends MedsyncError {
  override readonly name = 'ContextUnavailableError'
  constructor(options?: ErrorOptions) {
    super('context/unreachable', '', options)
  }
}
