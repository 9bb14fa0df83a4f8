import { MedsyncError } from '@medsync/protocol'

/** Something else is already kept under this id; nothing was changed. */
export class ContextConflictError extends MedsyncError {
  override readonly name = 'ContextConflictError'
  constructor() {
    super('consent/commitment-mismatch')
  }
}
