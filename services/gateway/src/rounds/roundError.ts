import { MedsyncError } from '@medsync/protocol'

/** A round that cannot be opened, seen or ended so. */
export class RoundRefusedError extends MedsyncError {
  override readonly name = 'RoundRefusedError'
}
