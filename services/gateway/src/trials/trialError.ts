import { MedsyncError } from '@medsync/protocol'

/** A study's criteria, count or invitation that cannot be. Nothing was changed. */
export class TrialError extends MedsyncError {
  override readonly name = 'TrialError'
}
