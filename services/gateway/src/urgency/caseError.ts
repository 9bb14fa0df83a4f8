import { MedsyncError } from '@medsync/protocol'

/** Something that cannot be done with a case, or an observation or note that is not taken. Nothing was changed. */
export class CaseError extends MedsyncError {
  override readonly name = 'CaseError'
}
